import type { PathStep, Paths } from '../../../../src-preload/contract/index.ts';
import { edgeText, stepText } from '../../../format/heap.ts';
import { t } from '../../../format/i18n.ts';
import { count } from '../../../format/units.ts';

/** A line of the chains: indented only where paths part, so that a long chain stays readable. */
export interface ChainLine {
  key: string;
  step: PathStep;
  level: number;
  /** One of the queried objects. */
  leaf: boolean;
  /** First line of a separate path. */
  begins: boolean;
  /** More than 0: the line represents this many objects held by `step`, of which only the first are listed. */
  more: number;
}

/** Of many objects held by one, this many are listed: `[0]`, `[1]` and so on add nothing new. */
const MOST_LEAVES = 5;

/** The listed successors of a step, and how many of the chosen objects are not listed. */
export function foldLeaves({ next, count }: PathStep, most = MOST_LEAVES): { next: readonly PathStep[]; more: number } {
  const leaves = next.filter((step) => step.next.length === 0);
  if (leaves.length <= most + 1) return { next, more: 0 };
  const told = new Set(leaves.slice(0, most));
  const shown = next.filter((step) => step.next.length > 0 || told.has(step));
  return { next: shown, more: Math.max(leaves.length - most, count - shown.reduce((sum, step) => sum + step.count, 0)) };
}

type Pending = Omit<ChainLine, 'leaf'>;

/** The trees of paths as lines. No recursion: a chain may be long. */
export function chainLines({ roots }: Paths): ChainLine[] {
  const lines: ChainLine[] = [];
  const stack: Pending[] = roots.map((step, index) => ({ step, level: 0, key: String(index), begins: true, more: 0 })).reverse();
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { step, level, key, more } = top;
    lines.push({ ...top, leaf: step.next.length === 0 });
    if (more > 0) continue;
    const folded = foldLeaves(step);
    const parts = folded.next.length > 1;
    const deeper = level + (parts ? 1 : 0);
    if (folded.more > 0) stack.push({ step, level: deeper, key: `${key}.more`, begins: true, more: folded.more });
    for (const [index, next] of [...folded.next.entries()].reverse())
      stack.push({ step: next, level: deeper, key: `${key}.${index}`, begins: parts, more: 0 });
  }
  return lines;
}

/** Fields that add nothing for the reader of a path: to him an instance and its dictionary are one. */
const SILENT = new Set(['__dict__', '']);

/** The path to the first of the objects in one line: `Modules › app › sessions › [17] › user`. */
export function firstWay({ roots }: Paths): string {
  const [root] = roots;
  if (root === undefined) return '';
  const words = [stepText(root)];
  let modules = root.kind === 'modules';
  let names = false;
  for (let step = root.next[0]; step !== undefined; step = step.next[0]) {
    const { name } = step;
    if (name === null || name.kind === 'unnamed' || ((name.kind === 'field' || name.kind === 'root') && SILENT.has(name.text))) {
      if (step.kind !== 'object') words.push(stepText(step));
      // A module's dictionary holds its names.
      names = name?.text === '__dict__';
      continue;
    }
    const plain = /^'(.*)'$/.exec(name.text)?.[1];
    const bare = name.kind === 'attribute' ? name.text : name.kind === 'key' && (modules || names) ? plain : undefined;
    words.push(bare ?? edgeText(name));
    modules = names = false;
  }
  return words.join(' › ');
}

/** How many other ways lead to what is on that path. */
export function otherWays({ roots }: Paths): number {
  let sum = 0;
  for (let step = roots[0]; step !== undefined; step = step.next[0]) sum += step.others;
  return sum;
}

/** All paths as text, indented where they part. */
export function chainText(paths: Paths): string {
  return chainLines(paths)
    .map(({ step, level, more }) =>
      more > 0
        ? `${'  '.repeat(level)}${t('heap.why.moreHeld', { n: count(more) })}`
        : `${'  '.repeat(level)}${step.name === null ? '' : `${edgeText(step.name)}  `}${[stepText(step), step.preview].filter((text) => text !== '').join(' ')}`,
    )
    .join('\n');
}
