import type { EdgeName, GarbageState, NodeKind, ObjectRow, SourceLine, TypeName } from '../../../src-preload/contract/index.ts';
import { FLAG, NONE, ROOT, type HeapRoot } from '../heap/graph.ts';
import { stringOf } from '../heap/strings.ts';
import { degreeOf, edgeName } from './edge-names.ts';
import { classNames } from './classes.ts';
import { select, type HeapView } from './heap-view.ts';
import { arrayOf, lengthIn } from './lengths.ts';
import { atLeast } from './lower-bounds.ts';
import { typeName } from './type-names.ts';

/** Immortal objects, and the placeholders for what was left out, belong to the interpreter; `rootText` distinguishes them. */
const KINDS: Record<number, NodeKind> = {
  [ROOT.super]: 'super-root',
  [ROOT.modules]: 'modules',
  [ROOT.thread]: 'thread',
  [ROOT.frame]: 'frame',
  [ROOT.interpreter]: 'interpreter',
  [ROOT.staticTypes]: 'static-types',
  [ROOT.garbageList]: 'garbage',
  [ROOT.interned]: 'interned',
  [ROOT.threads]: 'threads',
  [ROOT.immortal]: 'interpreter',
  [ROOT.heldByC]: 'c-code',
  [ROOT.unreachable]: 'unreachable',
  [ROOT.uncollectable]: 'uncollectable',
  [ROOT.missing]: 'interpreter',
  [ROOT.agent]: 'interpreter',
};
const NO_TYPE: TypeName = { module: '', name: '' };
/** Longer chains are cut in the middle: the root, and the nearest holders. */
const PATH_HEAD = 4;
const PATH_TAIL = 7;
const LONGEST_WALK = 256;
const SEPARATOR = ' › ';

function rootOf(view: HeapView, node: number): HeapRoot | undefined {
  return view.once('roots', () => new Map(view.graph.roots.map((root) => [root.node, root]))).get(node);
}

export function kindOf(view: HeapView, node: number): NodeKind {
  if (!view.isSynthetic(node)) return 'object';
  return KINDS[rootOf(view, node)?.kind ?? ROOT.super] ?? 'interpreter';
}

/** The name of a root: a thread, a function, or what distinguishes it from others of its kind. */
function rootText(root: HeapRoot | undefined): string {
  switch (root?.kind) {
    case ROOT.thread:
      return root.name;
    case ROOT.frame:
      return `${root.name}()`;
    case ROOT.immortal:
      return 'immortal';
    case ROOT.missing:
      return 'not in the snapshot';
    case ROOT.agent:
      return 'Heapscope';
    default:
      return '';
  }
}

/** What starts a thread's own function. */
const STARTERS = /(?:^|[/\\])threading\.py$/;

/** What threads that are alike have in common, the function that they run, and frames the function that they are of; null: another root. */
export function runningText(view: HeapView, node: number): string | null {
  const root = rootOf(view, node);
  if (root?.kind === ROOT.frame) return `${root.name}()`;
  if (root?.kind !== ROOT.thread) return null;
  return view.once('running', () => functionsOfThreads(view.graph.roots)).get(root) ?? root.name.replaceAll(/\d+/g, '*');
}

function functionsOfThreads(roots: readonly HeapRoot[]): ReadonlyMap<HeapRoot, string> {
  const outermost = new Map<HeapRoot, HeapRoot>();
  for (const frame of roots) {
    const thread = frame.kind === ROOT.frame ? roots[frame.parent] : undefined;
    if (thread === undefined || STARTERS.test(frame.file)) continue;
    if ((outermost.get(thread)?.depth ?? -1) < frame.depth) outermost.set(thread, frame);
  }
  return new Map([...outermost].map(([thread, { name }]) => [thread, `${name}()`]));
}

export function typeOf(view: HeapView, node: number): TypeName {
  if (view.isSynthetic(node)) return NO_TYPE;
  return typeName(view.graph.types[view.graph.type[node]!]!);
}

export function previewOf(view: HeapView, node: number): string {
  if (view.isSynthetic(node)) return rootText(rootOf(view, node));
  return stringOf(view.graph.previews, node) ?? classText(view, node);
}

/** A class is identified by its name and its place, `app.Session app.py:12`, which are no values that might be secrets. */
function classText(view: HeapView, node: number): string {
  const known = (view.graph.flags[node]! & FLAG.type) === 0 ? undefined : classNames(view).get(node);
  return known === undefined ? '' : `${known.name} ${known.place}`.trim();
}

/** The current line of a frame. */
export function lineOf(view: HeapView, node: number): SourceLine | null {
  const root = rootOf(view, node);
  return root?.kind === ROOT.frame ? { file: root.file, line: root.line } : null;
}

/** Whether nothing holds it, and what will become of it. */
export function garbageState({ graph }: HeapView, node: number): GarbageState {
  const flags = graph.flags[node]!;
  if ((flags & FLAG.uncollectable) !== 0) return 'uncollectable';
  return (flags & FLAG.unreachable) === 0 ? null : 'waits';
}

/** Objects that wait for a collection. */
export function waitingNodes(view: HeapView): Uint32Array {
  return view.once('waiting', () => select(view.objects, (node) => garbageState(view, node) === 'waits'));
}

export function objectRow(view: HeapView, node: number): ObjectRow {
  const { graph, referrerStarts } = view;
  return {
    node,
    kind: kindOf(view, node),
    type: typeOf(view, node),
    address: graph.address[node]!,
    shallow: view.shallow(node),
    retained: view.retained(node),
    atLeast: atLeast(view, node),
    garbage: garbageState(view, node),
    referrers: referrerStarts[node + 1]! - referrerStarts[node]!,
    referents: degreeOf(graph, node),
    length: lengthIn(view, node),
    array: arrayOf(view, node),
    preview: previewOf(view, node),
    holder: holderText(view, node),
  };
}

/** The shortest chain to a node, as names: "modules › app › sessions › [17]"; '' if no root reaches it. */
export function holderText(view: HeapView, node: number): string {
  const { parent, edge } = view.tree;
  const steps: string[] = [];
  let at = node;
  let walked = 0;
  for (; parent[at] !== NONE && parent[at] !== 0 && walked < LONGEST_WALK; at = parent[at]!, walked++) {
    const step = stepText(view, parent[at]!, edge[at]!);
    if (step !== null) steps.push(step);
  }
  if (parent[at] === NONE && at !== 0) return '';
  if (walked < LONGEST_WALK) steps.push(rootName(view, at));
  steps.reverse();
  return shortened(steps, walked >= LONGEST_WALK);
}

/** The last named step of that chain, "sessions" of "modules › app › sessions"; '' if it has none. */
export function lastStep(view: HeapView, node: number): string {
  const { parent, edge } = view.tree;
  let walked = 0;
  for (let at = node; parent[at] !== NONE && parent[at] !== 0 && walked < LONGEST_WALK; at = parent[at]!, walked++) {
    const step = stepText(view, parent[at]!, edge[at]!);
    if (step !== null) return step;
  }
  return '';
}

function shortened(steps: readonly string[], open: boolean): string {
  if (open) return ['…', ...steps.slice(-PATH_TAIL)].join(SEPARATOR);
  if (steps.length <= PATH_HEAD + PATH_TAIL) return steps.join(SEPARATOR);
  return [...steps.slice(0, PATH_HEAD), '…', ...steps.slice(-PATH_TAIL)].join(SEPARATOR);
}

/** A root as the first word of a chain. */
export function rootName(view: HeapView, node: number): string {
  const root = rootOf(view, node);
  return rootText(root) || kindOf(view, node);
}

/** One reference as a step of a chain; null if it adds nothing: an instance's `__dict__`, the table of modules. */
function stepText(view: HeapView, holder: number, edge: number): string | null {
  if (view.isSynthetic(view.graph.edgeTo[edge]!)) return rootName(view, view.graph.edgeTo[edge]!);
  return stepOf(edgeName(view.graph, holder, edge), isModules(view, holder));
}

function stepOf({ kind, text }: EdgeName, modules: boolean): string | null {
  if (modules) return text.replace(/^'(.*)'$/, '$1');
  switch (kind) {
    case 'key':
    case 'index':
      return `[${text}]`;
    case 'member':
      return '{…}';
    case 'dict-key':
      return `{${text}:}`;
    case 'root':
    case 'unnamed':
      return null;
    case 'field':
    case 'attribute':
      return text === '__dict__' ? null : text;
    case 'local':
    case 'closure':
      return text;
  }
}

/** The dictionary of modules, which a root of that kind holds. */
function isModules(view: HeapView, node: number): boolean {
  return moduleTables(view).has(node);
}

export function moduleTables(view: HeapView): ReadonlySet<number> {
  return view.once('modules', () => {
    const { graph } = view;
    const held = graph.roots.filter(({ kind }) => kind === ROOT.modules);
    return new Set(held.flatMap((root) => [...graph.edgeTo.subarray(graph.edgeStart[root.node], graph.edgeStart[root.node + 1])]));
  });
}
