import type { ChangePart, Grouping, NodeId, ObjectSet, ProjectId } from '../../src-preload/contract/index.ts';

/** Pages of the heap view. */
export const HEAP_TABS = ['snapshots', 'types', 'objects', 'why', 'dominators', 'cycles', 'duplicates', 'waste'] as const;
export type HeapTab = (typeof HEAP_TABS)[number];

const GROUPINGS = ['type', 'module', 'site', 'hierarchy', 'holder', 'code', 'class'] as const satisfies readonly Grouping[];

/** Those to choose from: each class by itself is asked for from a type of which there are several. */
export const groupingsFor = (by: Grouping): Grouping[] => GROUPINGS.filter((id) => id !== 'class' || by === 'class');

/** The current place in a snapshot. Nodes and keys refer to the current snapshot, the last of `Selection.snapshots`. */
export interface HeapPlace {
  tab: HeapTab;
  /** The grouping of the Types page. */
  by: Grouping;
  /** Which objects. */
  within: ObjectSet;
  /** Name of the group in `within`; '' if it has none. */
  calledWithin: string;
  /** The set listed on the Objects page. */
  set: ObjectSet;
  /** Name of the group in the set; '' if it has none. */
  called: string;
  /** Filter of the Objects page, as it is typed. */
  filter: string;
  /** The object in the inspector. */
  node: NodeId | null;
  /** The subject of "Why is it alive?"; null: the object in the inspector, else the set. */
  why: ObjectSet | null;
  /** Ignored holders on that page. */
  ignored: NodeId[];
  /** Root of the shown dominator tree. */
  root: NodeId;
}

export const FIRST_PLACE: HeapPlace = {
  tab: 'snapshots',
  by: 'type',
  within: { of: 'all' },
  calledWithin: '',
  set: { of: 'all' },
  called: '',
  filter: '',
  node: null,
  why: null,
  ignored: [],
  root: 0,
};

/** The same page of another snapshot, without what only the previous snapshot has. */
export const inOtherSnapshot = ({ tab, by }: HeapPlace): HeapPlace => ({ ...FIRST_PLACE, tab, by });

/** A copy that shares nothing with reactive data. */
export const copyPlace = <Place>(place: Place): Place => JSON.parse(JSON.stringify(place)) as Place;

/** The objects of a row of the Types page, where that is about a set. */
export const rowSet = (by: Grouping, key: number, within: ObjectSet): ObjectSet =>
  within.of === 'all' ? { of: 'group', by, key } : { of: 'inside', by, key, set: within };

/** The subject of "Why is it alive?". */
export function whySubject({ why, node, set }: HeapPlace): ObjectSet {
  return why ?? (node === null ? set : { of: 'nodes', nodes: [node] });
}

export const sameSet = (a: ObjectSet | null, b: ObjectSet | null): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Longer lists of chosen objects are not written into a link. */
const MOST_LINKED = 300;
const PARTS: readonly ChangePart[] = ['new', 'gone', 'survived', 'grown'];

/**
 * A set in a link: `all`, `group.type.17`, `inside.type.17.retained.4`, `nodes.4.5`, `retained.4`, `changed.3.new.type.17` (3: the earlier
 * snapshot). null: it cannot be written, since it is too long or refers to another project.
 */
export function writeSet(set: ObjectSet, project: ProjectId | null): string | null {
  switch (set.of) {
    case 'all':
    case 'tracked':
    case 'garbage':
    case 'uncollectable':
      return set.of;
    case 'group':
      return `group.${set.by}.${set.key}`;
    case 'inside': {
      const inner = writeSet(set.set, project);
      return inner && `inside.${set.by}.${set.key}.${inner}`;
    }
    case 'nodes':
      return set.nodes.length > MOST_LINKED ? null : ['nodes', ...set.nodes].join('.');
    case 'retained':
    case 'referents':
    case 'referrers':
      return `${set.of}.${set.node}`;
    case 'cycle':
      return `cycle.${set.cycle}`;
    case 'duplicates':
      return `duplicates.${set.group}`;
    case 'changed':
      return set.base.project === project ? `changed.${set.base.snapshot}.${set.part}.${set.by ?? '-'}.${set.key}` : null;
    case 'between':
      return set.first.project === project && set.second.project === project
        ? `between.${set.first.snapshot}.${set.second.snapshot}.${set.by ?? '-'}.${set.key}`
        : null;
  }
}

/** Reads what `writeSet` wrote; null if it is invalid. `project`: the project of a comparison's snapshots. */
export function readSet(text: string, project: ProjectId): ObjectSet | null {
  const [of, ...rest] = text.split('.');
  if (of === 'all' || of === 'tracked' || of === 'garbage' || of === 'uncollectable') return rest.length === 0 ? { of } : null;
  if (of === 'inside') return readInside(rest, project);
  if (of === 'changed' || of === 'between') return readChange(of, rest, project);
  const by = of === 'group' ? groupingOf(rest.shift()) : null;
  const numbers = rest.map(wholeOf);
  const [first = null] = numbers;
  if (first === null || numbers.includes(null)) return null;
  if (of === 'nodes') return { of, nodes: numbers.filter((node) => node !== null) };
  if (numbers.length > 1) return null;
  if (of === 'group') return by && { of, by, key: first };
  if (of === 'retained' || of === 'referents' || of === 'referrers') return { of, node: first };
  if (of === 'cycle') return { of, cycle: first };
  return of === 'duplicates' ? { of, group: first } : null;
}

function readInside([by, key, ...inner]: readonly string[], project: ProjectId): ObjectSet | null {
  const grouping = groupingOf(by);
  const number = wholeOf(key);
  const set = readSet(inner.join('.'), project);
  return grouping === null || number === null || set === null ? null : { of: 'inside', by: grouping, key: number, set };
}

function readChange(of: 'changed' | 'between', rest: readonly string[], project: ProjectId): ObjectSet | null {
  const [first, second, by, key] = rest;
  const base = wholeOf(first);
  const grouping = by === '-' ? null : groupingOf(by);
  const number = wholeOf(key);
  if (base === null || number === null || (grouping === null && by !== '-') || rest.length !== 4) return null;
  const group = { by: grouping, key: number };
  if (of === 'changed') {
    const part = PARTS.find((one) => one === second);
    return part === undefined ? null : { of, base: { project, snapshot: base }, part, ...group };
  }
  const later = wholeOf(second);
  return later === null ? null : { of, first: { project, snapshot: base }, second: { project, snapshot: later }, ...group };
}

export const groupingOf = (text: string | null | undefined): Grouping | null => GROUPINGS.find((by) => by === text) ?? null;

/** A number of an object or a row, from 0. */
export function wholeOf(text: string | null | undefined): number | null {
  const value = text === null || text === undefined || text === '' ? NaN : Number(text);
  return Number.isSafeInteger(value) && value >= 0 ? value : null;
}
