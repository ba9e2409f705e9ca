import type { SessionRef } from '../../../src-preload/contract/index.ts';
import { count } from '../../format/units.ts';
import { t } from '../../format/i18n.ts';
import { useDialogs } from '../../stores/dialogs.ts';
import { useNotices } from '../../stores/notices.ts';
import { useRecording } from '../../stores/recording.ts';
import type { StopHow } from '../../stores/recording.ts';

/** The current recording; the functions below do nothing if there is none. */
function currentRef(): SessionRef | null {
  const state = useRecording().current;
  return state === null ? null : { project: state.project, session: state.session };
}

/** Stronger with each call: interrupt, terminate, kill. */
export function nextStop(): StopHow {
  const asked = useRecording().current?.stopAsked ?? null;
  if (asked === null) return 'interrupt';
  return asked === 'interrupt' ? 'terminate' : 'kill';
}

export async function stopBy(how: StopHow): Promise<void> {
  const ref = currentRef();
  if (ref === null) return;
  if (how === 'kill') {
    const sure = await useDialogs().confirm({
      title: t('common.recording.killQuestion'),
      text: t('common.recording.killText'),
      action: t('common.recording.killed'),
      danger: true,
    });
    if (!sure) return;
  }
  await useRecording().stop(ref, how);
}

export async function collectNow(): Promise<void> {
  const ref = currentRef();
  if (ref === null) return;
  const { processes, collected, uncollectable } = await useRecording().collect(ref);
  const key = uncollectable > 0 ? 'common.recording.collectedUncollectable' : 'common.recording.collected';
  useNotices().report(key, { processes: count(processes), collected: count(collected), uncollectable: count(uncollectable) });
}

export async function togglePause(): Promise<void> {
  const ref = currentRef();
  const state = useRecording().current;
  if (ref !== null && state !== null) await useRecording().pause(ref, !state.paused);
}

/** `frames` 0 stops tracing. */
export async function traceWith(frames: number): Promise<void> {
  const ref = currentRef();
  if (ref !== null) await useRecording().tracemalloc(ref, frames);
}

let marks = 0;

/** Counted over the window's lifetime: a default name that keeps marks distinct, and can be changed. */
export function nextMarkName(): string {
  return t('common.recording.markDefault', { n: marks + 1 });
}

export async function markAs(name: string): Promise<void> {
  const ref = currentRef();
  if (ref === null) return;
  await useRecording().mark(ref, name);
  marks += 1;
  useNotices().report('common.recording.marked', { name });
}
