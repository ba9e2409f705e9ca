import type { ProjectId } from '../../src-preload/contract/index.ts';
import { readAllocations, writeAllocations } from './allocations-place.ts';
import { readCompare, writeCompare } from './compare-place.ts';
import { FIRST_PLACE, HEAP_TABS, groupingOf, readSet, wholeOf, writeSet } from './heap-place.ts';
import type { HeapPlace } from './heap-place.ts';
import { readRuns, writeRuns } from './runs-place.ts';
import { VIEWS } from './selection.ts';
import type { Selection, ViewId } from './selection.ts';

const LONGEST_NAME = 500;

/** A selection as a link: the project by its path, since handles are valid only while the engine runs. */
export interface LinkedSelection extends Omit<Selection, 'project'> {
  path: string | null;
}

/** `#/timeline?project=/home/a/b.heapscope&session=3&from=1000&to=2000`. */
export function toHash(selection: Selection, path: string | null): string {
  const query = new URLSearchParams();
  if (path !== null) query.set('project', path);
  if (selection.session !== null) query.set('session', String(selection.session));
  if (selection.process !== null) query.set('process', String(selection.process));
  if (selection.range !== null) {
    query.set('from', String(Math.round(selection.range.from)));
    if (selection.range.to !== null) query.set('to', String(Math.round(selection.range.to)));
  }
  if (selection.snapshots.length > 0) query.set('snapshots', selection.snapshots.join('.'));
  if (selection.snapshots.length > 0 || selection.view === 'heap') writeHeap(query, selection.heap, selection.project);
  writeAllocations(query, selection.allocations);
  writeCompare(query, selection.compare, selection.project);
  // These are long, and of other pages.
  if (selection.view === 'runs') writeRuns(query, selection.runs);
  const text = query.toString();
  return `#/${selection.view}${text === '' ? '' : `?${text}`}`;
}

/** The differences from the initial state. */
function writeHeap(query: URLSearchParams, place: HeapPlace, project: ProjectId | null): void {
  if (place.tab !== FIRST_PLACE.tab) query.set('tab', place.tab);
  if (place.by !== FIRST_PLACE.by) query.set('by', place.by);
  for (const [name, set] of [
    ['within', place.within],
    ['set', place.set],
  ] as const) {
    const text = set.of === 'all' ? null : writeSet(set, project);
    if (text !== null) query.set(name, text);
  }
  if (place.calledWithin !== '') query.set('calledwithin', place.calledWithin.slice(0, LONGEST_NAME));
  if (place.called !== '') query.set('called', place.called.slice(0, LONGEST_NAME));
  if (place.filter !== '') query.set('filter', place.filter.slice(0, LONGEST_NAME));
  if (place.node !== null) query.set('node', String(place.node));
  const why = place.why && writeSet(place.why, project);
  if (why !== null) query.set('why', why);
  if (place.ignored.length > 0) query.set('ignored', place.ignored.join('.'));
  if (place.root !== FIRST_PLACE.root) query.set('root', String(place.root));
}

function readHeap(query: URLSearchParams, project: ProjectId): HeapPlace {
  const why = query.get('why');
  return {
    tab: HEAP_TABS.find((tab) => tab === query.get('tab')) ?? FIRST_PLACE.tab,
    by: groupingOf(query.get('by')) ?? FIRST_PLACE.by,
    within: readSet(query.get('within') ?? '', project) ?? FIRST_PLACE.within,
    calledWithin: (query.get('calledwithin') ?? '').slice(0, LONGEST_NAME),
    set: readSet(query.get('set') ?? '', project) ?? FIRST_PLACE.set,
    called: (query.get('called') ?? '').slice(0, LONGEST_NAME),
    filter: (query.get('filter') ?? '').slice(0, LONGEST_NAME),
    node: idOf(query.get('node')),
    why: why === null ? null : readSet(why, project),
    ignored: idsOf(query.get('ignored')),
    root: idOf(query.get('root')) ?? FIRST_PLACE.root,
  };
}

/** Parses a link; null if it is not one. Invalid parts are left out. `project`: the handle of its project, if that is already open. */
export function parseHash(hash: string, project: ProjectId = ''): LinkedSelection | null {
  const match = /^#\/([a-z]+)(?:\?(.*))?$/.exec(hash);
  const view = VIEWS.find((id): id is ViewId => id === match?.[1]);
  if (match === null || view === undefined) return null;
  const query = new URLSearchParams(match[2] ?? '');
  const from = numberOf(query.get('from'));
  return {
    view,
    path: query.get('project'),
    session: idOf(query.get('session')),
    process: idOf(query.get('process')),
    range: from === null ? null : { from, to: numberOf(query.get('to')) },
    snapshots: idsOf(query.get('snapshots')),
    heap: readHeap(query, project),
    allocations: readAllocations(query),
    compare: readCompare(query, project),
    runs: readRuns(query),
  };
}

function numberOf(text: string | null): number | null {
  const value = text === null || text === '' ? NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

const idOf = wholeOf;
const idsOf = (text: string | null): number[] =>
  (text ?? '')
    .split('.')
    .map(wholeOf)
    .filter((id) => id !== null);
