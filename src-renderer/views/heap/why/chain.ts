import type { PathStep, Paths } from '../../../../src-preload/contract/index.ts';
import { edgeText, stepText } from '../../../format/heap.ts';

/** A line of the chains: deeper only where ways part, so that a long chain stays readable. */
export interface ChainLine {
  key: string;
  step: PathStep;
  level: number;
  /** What was asked for. */
  leaf: boolean;
  /** First line of a way of its own. */
  begins: boolean;
}

/** The trees of ways as lines. No recursion: a chain may be long. */
export function chainLines({ roots }: Paths): ChainLine[] {
  const lines: ChainLine[] = [];
  const stack = roots.map((step, index) => ({ step, level: 0, key: String(index), begins: true })).reverse();
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { step, level, key, begins } = top;
    lines.push({ key, step, level, leaf: step.next.length === 0, begins });
    const parts = step.next.length > 1;
    for (const [index, next] of [...step.next.entries()].reverse()) stack.push({ step: next, level: level + (parts ? 1 : 0), key: `${key}.${index}`, begins: parts });
  }
  return lines;
}

/** Fields that say nothing to whoever reads a way: an instance and its dictionary are one to him. */
const SILENT = new Set(['__dict__', '']);

/** The way to the first of the objects in one line, as one would write it: `Modules › app › sessions › [17] › user`. */
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
    words.push(name.kind === 'key' && plain !== undefined && (modules || names) ? plain : edgeText(name));
    modules = names = false;
  }
  return words.join(' › ');
}

/** All ways as text, indented where they part. */
export function chainText(paths: Paths): string {
  return chainLines(paths)
    .map(({ step, level }) => `${'  '.repeat(level)}${step.name === null ? '' : `${edgeText(step.name)}  `}${[stepText(step), step.preview].filter((text) => text !== '').join(' ')}`)
    .join('\n');
}
