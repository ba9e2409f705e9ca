import type {
  ErrorCode,
  ErrorData,
  ProjectId,
  SessionRef,
  SnapshotId,
  SnapshotOptions,
  SnapshotForecast,
  SnapshotRow,
} from '../../../src-preload/contract/index.ts';
import { snapshotName } from '../../format/heap.ts';
import { t, tData } from '../../format/i18n.ts';
import { milliseconds } from '../../format/time.ts';
import { count } from '../../format/units.ts';
import { useCompare } from '../../stores/compare.ts';
import { useDialogs } from '../../stores/dialogs.ts';
import { useNotices } from '../../stores/notices.ts';
import { useRecording } from '../../stores/recording.ts';
import { useSelection } from '../../stores/selection.ts';
import { useSnapshots } from '../../stores/snapshots.ts';
import type { SnapshotSettings, SnapshotInProgress } from '../../stores/snapshots.ts';

/** A pause too short to notice is not worth a question. */
const WORTH_ASKING_MS = 150;

function recordedNow(): SessionRef | null {
  const state = useRecording().current;
  return state === null ? null : { project: state.project, session: state.session };
}

/** Options and rules of the running current session. */
export async function settingsOf(of: SessionRef): Promise<SnapshotSettings> {
  const store = useSnapshots();
  const known = store.settingsOf;
  return store.settings !== null && known?.project === of.project && known.session === of.session ? store.settings : store.loadSettings(of);
}

/** What a click would do now; empty if nothing is recorded. Also reads the options. */
export async function loadForecasts(): Promise<SnapshotForecast[]> {
  const of = recordedNow();
  if (of === null) return [];
  const [forecasts] = await Promise.all([useSnapshots().forecast(of), settingsOf(of)]);
  return forecasts;
}

export async function changeOptions(change: Partial<SnapshotOptions>): Promise<void> {
  const of = recordedNow();
  if (of === null) return;
  const { rules, options } = await settingsOf(of);
  await useSnapshots().saveSettings(of, { rules, options: { ...options, ...change } });
}

/** Of every process with an agent. Asks first if the program would be paused for long. */
export async function takeSnapshot(): Promise<void> {
  const of = recordedNow();
  if (of === null) return;
  const [forecasts, { options }] = await Promise.all([useSnapshots().forecast(of), settingsOf(of)]);
  if (await mayPause(forecasts)) await useSnapshots().take(of, options, null, '');
}

/** Errors of a capture or an analysis that ran out of memory; the system kills a process that uses too much. */
const OUT_OF_MEMORY = new Set<ErrorCode>(['snapshot.too-large', 'snapshot.limit']);
const isOutOfMemory = ({ code, facts }: ErrorData): boolean =>
  OUT_OF_MEMORY.has(code) || (code === 'snapshot.killed' && facts['signal'] === 'SIGKILL');
const COPY_FAILED = new Set<ErrorCode>(['snapshot.killed', 'snapshot.failed']);

/** An alternative for a failed snapshot. */
export interface OtherWay {
  method: 'census' | 'in-place';
  /** Message keys: of the button and of its tooltip. */
  label: 'heap.take.countTypes' | 'heap.take.walkInPlace';
  title: 'heap.take.countTypesTitle' | 'heap.methodHint.in-place';
  run: () => Promise<void>;
}

/**
 * If it needed too much memory, a census is offered; if the forked copy did not finish, a walk in place. Either is offered only if a long
 * pause was agreed to. null: it failed for another reason, or the process has ended.
 */
export function otherWay(project: ProjectId, { error, method: tried, session, process }: SnapshotRow): OtherWay | null {
  const recorded = useRecording().running.find((one) => one.project === project && one.session === session);
  const lives = recorded?.agents.some((agent) => agent.process === process && agent.state === 'connected') ?? false;
  if (error === null || !lives) return null;
  const method = isOutOfMemory(error) ? 'census' : tried === 'fork' && COPY_FAILED.has(error.code) ? 'in-place' : null;
  if (method === null) return null;
  const run = async (): Promise<void> => {
    const of = { project, session };
    const [forecasts, { options }] = await Promise.all([useSnapshots().forecast(of, method), settingsOf(of)]);
    if (await mayPause(forecasts.filter((forecast) => forecast.process === process)))
      await useSnapshots().take(of, { ...options, method }, [process], '');
  };
  return method === 'census'
    ? { method, label: 'heap.take.countTypes', title: 'heap.take.countTypesTitle', run }
    : { method, label: 'heap.take.walkInPlace', title: 'heap.methodHint.in-place', run };
}

async function mayPause(forecasts: readonly SnapshotForecast[]): Promise<boolean> {
  const slow = forecasts.filter((forecast) => forecast.method !== 'fork').sort((a, b) => b.expectedPause - a.expectedPause);
  const [worst] = slow;
  if (worst === undefined || worst.expectedPause < WORTH_ASKING_MS) return true;
  const text = t('heap.take.pauseText', { pause: milliseconds(worst.expectedPause), reason: reasonWords(worst.methodReason) });
  return useDialogs().confirm({ title: t('heap.take.pauseQuestion'), text, action: t('heap.take.pauseGo'), danger: false });
}

/** Why a better method was not used. A reason is a key, or a key, a colon and the system's message. */
export function reasonWords(reason: string): string {
  if (reason === '') return '';
  const [word = '', ...rest] = reason.split(': ');
  const detail = rest.join(': ');
  const words = wordsOf(`heap.reason.${word}`, '');
  return words === '' ? reason : detail === '' ? words : `${words} (${detail})`;
}

/** What could not be captured; an unknown note is shown as it is. */
export const noteWords = (note: string): string => wordsOf(`heap.captureNote.${note}`, note);

function wordsOf(key: string, otherwise: string): string {
  const words = tData(key);
  return words === key ? otherwise : words;
}

/** Shows a snapshot's types, whatever the current view. */
export function lookInto(project: ProjectId, row: SnapshotRow): void {
  const selection = useSelection();
  if (selection.project !== project || selection.session !== row.session)
    selection.go({ project, session: row.session, snapshots: [row.id] });
  selection.goHeap({ tab: 'types' }, { snapshots: [row.id] });
}

/** Compares two of a session, whatever the current view. */
export function compareOf(project: ProjectId, ...rows: SnapshotRow[]): void {
  const selection = useSelection();
  const session = rows[0]?.session ?? null;
  if (selection.project !== project || selection.session !== session) selection.go({ project, session });
  useCompare().choose(rows.map(({ id }) => ({ path: null, snapshot: id })));
}

/** The progress of a snapshot: "Snapshot of process 4711: walking the heap, 1,200,000 objects". */
export function stepWords({ row, progress }: SnapshotInProgress): string {
  const step = progress === null ? t(`heap.state.${row.state}`) : stepText(progress.step);
  const objects = progress?.objects ?? null;
  const text = t('heap.take.progress', { pid: String(row.pid), step });
  return objects === null || objects === 0 ? text : `${text}, ${t('heap.take.objectsSoFar', { n: count(objects) })}`;
}

export const stepText = (step: string): string => wordsOf(`heap.step.${step}`, step);

/** Deletes with undo. */
export async function deleteSnapshots(rows: readonly SnapshotRow[]): Promise<void> {
  const { project } = useSelection();
  const [first] = rows;
  if (project === null || first === undefined) return;
  const ids: SnapshotId[] = rows.map((row) => row.id);
  await useSnapshots().remove(project, ids);
  useNotices().report(
    'heap.snapshots.deleted',
    { count: ids.length, name: snapshotName(first) },
    {
      label: 'common.undo',
      run: () => void useNotices().attempt(() => useSnapshots().restore(project, ids)),
    },
  );
}
