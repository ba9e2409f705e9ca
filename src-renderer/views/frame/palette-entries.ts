import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type Ref } from 'vue';
import type { GroupRow, SnapshotRef } from '../../../src-preload/contract/index.ts';
import { groupText, snapshotName } from '../../format/heap.ts';
import { t, tData, tn } from '../../format/i18n.ts';
import { sessionName } from '../../format/program.ts';
import { sessionTime, wallTimeShort } from '../../format/time.ts';
import { useActions } from '../../stores/actions.ts';
import { useHeap } from '../../stores/heap.ts';
import { Latest } from '../../stores/latest.ts';
import { useSelection } from '../../stores/selection.ts';
import { useSessions } from '../../stores/sessions.ts';
import { useSnapshots } from '../../stores/snapshots.ts';
import { rankActions } from './palette-rank.ts';

/** One line of the palette. */
export interface PaletteEntry {
  id: string;
  text: string;
  /** What it is: the action's group, a session, a snapshot's time. */
  detail: string;
  keys: string[];
  run: () => void;
}

/** Fewer letters are in most names of types. */
const LEAST_LETTERS = 2;
const MOST_TYPES = 8;

/** What the typed text finds: actions, sessions and snapshots of the project, types of the snapshot in view. Nothing typed: actions alone. */
export function usePaletteEntries(typed: Ref<string>): ComputedRef<PaletteEntry[]> {
  const types = useTypes(typed);
  return computed(() => {
    if (typed.value.trim() === '') return actionEntries();
    const named = [...actionEntries(), ...sessionEntries(), ...snapshotEntries()];
    return [...rankActions(typed.value, named, ({ text, detail }) => `${text} ${detail} ${text}`), ...types.value];
  });
}

function actionEntries(): PaletteEntry[] {
  const actions = useActions();
  return actions.list
    .filter((action) => actions.can(action))
    .map((action) => ({
      id: action.id,
      text: tData(action.label),
      detail: t(`common.groups.${action.group}`),
      keys: actions.keysOf(action.id),
      run: () => void actions.run(action.id),
    }));
}

function sessionEntries(): PaletteEntry[] {
  const selection = useSelection();
  return useSessions().rows.map((row) => ({
    id: `session-${row.id}`,
    text: sessionName(row),
    detail: `${t('common.palette.session')}, ${wallTimeShort(row.startedAt, Date.now())}`,
    keys: [],
    run: () => selection.go({ session: row.id, view: 'timeline' }),
  }));
}

function snapshotEntries(): PaletteEntry[] {
  const selection = useSelection();
  return useSnapshots()
    .ofProject.filter(({ state }) => state === 'ready')
    .map((row) => ({
      id: `snapshot-${row.id}`,
      text: snapshotName(row),
      detail: t('common.palette.snapshot', { t: sessionTime(row.t) }),
      keys: [],
      run: () => selection.go({ session: row.session, snapshots: [row.id], view: 'heap' }),
    }));
}

/** Types of the snapshot in view that have the text in their name, the largest first. */
function useTypes(typed: Ref<string>): Ref<PaletteEntry[]> {
  const heap = useHeap();
  const found = shallowRef<PaletteEntry[]>([]);
  const types = new Latest<{ of: SnapshotRef; text: string }, GroupRow[]>({
    run: async ({ of, text }, signal) => (await heap.ask('heap.groups', { ...of, ...QUERY, filter: filterFor(text) }, { signal })).rows,
    deliver: (rows, { text }) => (found.value = text === wanted(typed.value) ? rows.map(typeEntry) : []),
    // A snapshot that cannot be read says so where it is shown.
    fail: () => (found.value = []),
  });
  watch(typed, (text) => {
    const of = heap.ref;
    if (of !== null && wanted(text).length >= LEAST_LETTERS) return types.request({ of, text: wanted(text) });
    types.cancel();
    found.value = [];
  });
  onScopeDispose(() => types.cancel());
  return found;
}

const QUERY = {
  by: 'type',
  within: { of: 'all' },
  parent: null,
  sort: { column: 'retained', descending: true },
  from: 0,
  count: MOST_TYPES,
} as const;

const wanted = (text: string): string => text.trim().toLowerCase();
const filterFor = (text: string) => ({ kind: 'text', column: 'label', operator: '~', value: text }) as const;

function typeEntry(row: GroupRow): PaletteEntry {
  const selection = useSelection();
  return {
    id: `type-${row.key}`,
    text: groupText(row),
    detail: tn('common.palette.type', row.count),
    keys: [],
    run: () => selection.goHeap({ tab: 'objects', set: { of: 'group', by: 'type', key: row.key }, called: groupText(row), node: null }),
  };
}
