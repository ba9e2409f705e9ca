import type { ChangePart, Grouping, NodeId, ProjectId, SessionId, SnapshotId, SnapshotRef } from '../../src-preload/contract/index.ts';
import { groupingOf, wholeOf } from './heap-place.ts';

/** A snapshot of any file; handles are valid only while the engine runs, paths are permanent. */
export interface SnapshotAt {
  /** null: the current project. */
  path: string | null;
  snapshot: SnapshotId;
}

/** Parts of a row's objects; `grown`: survivors that are longer or larger; `between`: made between the first two snapshots and still there in the last. */
export const PARTS = ['new', 'gone', 'survived', 'grown', 'between'] as const satisfies readonly (ChangePart | 'between')[];
export type ComparePart = (typeof PARTS)[number];

/** The opened row of the comparison. `key` is valid for this comparison and grouping only. */
export interface OpenedRow {
  /** null: all objects, whatever their group. */
  key: number | null;
  /** Its name; '' for all objects. */
  called: string;
  part: ComparePart;
}

/** An object that was opened from the comparison. */
export interface ComparedObject {
  of: SnapshotRef;
  /** Of the snapshot. */
  session: SessionId;
  node: NodeId;
}

/** The current place in the comparison. */
export interface ComparePlace {
  /** Empty: `Selection.snapshots`. Else the snapshots themselves, since some are of other files. */
  snapshots: SnapshotAt[];
  by: Grouping;
  /** Only rows that grew from each snapshot to the next. */
  growing: boolean;
  /** Only rows of which anything changed. */
  changed: boolean;
  row: OpenedRow | null;
  object: ComparedObject | null;
}

export const FIRST_COMPARE: ComparePlace = { snapshots: [], by: 'type', growing: false, changed: true, row: null, object: null };

/** Another comparison, with the same view settings. */
export const ofOthers = ({ by, growing, changed }: ComparePlace): ComparePlace => ({ ...FIRST_COMPARE, by, growing, changed });

const MOST_SNAPSHOTS = 200;
const LONGEST = 500;

/** The differences from the initial state, as parts of a link. Objects of other files are left out: their handles would be wrong later. */
export function writeCompare(query: URLSearchParams, place: ComparePlace, project: ProjectId | null): void {
  const { snapshots, by, growing, changed, row, object } = place;
  for (const { path, snapshot } of snapshots) query.append('compare', path === null ? String(snapshot) : `${snapshot} ${path}`);
  if (by !== FIRST_COMPARE.by) query.set('compareBy', by);
  if (growing) query.set('growing', '1');
  if (!changed) query.set('unchanged', '1');
  if (row !== null) query.set('row', [row.part, row.key ?? '-', row.called.slice(0, LONGEST)].join('.'));
  if (object !== null && object.of.project === project) query.set('object', [object.of.snapshot, object.session, object.node].join('.'));
}

export function readCompare(query: URLSearchParams, project: ProjectId): ComparePlace {
  return {
    snapshots: query.getAll('compare').slice(0, MOST_SNAPSHOTS).flatMap(readAt),
    by: groupingOf(query.get('compareBy')) ?? FIRST_COMPARE.by,
    growing: query.get('growing') === '1',
    changed: query.get('unchanged') !== '1',
    row: readRow(query.get('row') ?? ''),
    object: readObject(query.get('object') ?? '', project),
  };
}

function readAt(text: string): SnapshotAt[] {
  const [, id, path = null] = /^(\d+)(?: (.+))?$/.exec(text) ?? [];
  const snapshot = wholeOf(id);
  return snapshot === null ? [] : [{ path, snapshot }];
}

function readRow(text: string): OpenedRow | null {
  const [, name, key, called = ''] = /^([a-z]+)\.(-|\d+)\.(.*)$/s.exec(text) ?? [];
  const part = PARTS.find((one) => one === name);
  return part === undefined ? null : { part, key: wholeOf(key), called: called.slice(0, LONGEST) };
}

function readObject(text: string, project: ProjectId): ComparedObject | null {
  const [snapshot, session, node, ...rest] = text.split('.').map(wholeOf);
  if (snapshot == null || session == null || node == null || rest.length > 0) return null;
  return { of: { project, snapshot }, session, node };
}
