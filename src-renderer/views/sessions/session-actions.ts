import type { SessionId, SessionRow } from '../../../src-preload/contract/index.ts';
import { sessionName } from '../../format/program.ts';
import { useNotices } from '../../stores/notices.ts';
import { useRecording } from '../../stores/recording.ts';
import { useSelection } from '../../stores/selection.ts';
import { useSessions } from '../../stores/sessions.ts';

export function openSession(session: SessionId): void {
  useSelection().go({ session, view: 'timeline' });
}

/** Deletes with undo. Sessions being recorded are kept. */
export async function deleteSessions(rows: readonly SessionRow[]): Promise<void> {
  const project = useSelection().project;
  if (project === null) return;
  const notices = useNotices();
  const doomed = rows.filter((row) => !useRecording().isRunning(project, row.id));
  if (doomed.length < rows.length) notices.push('warning', { kind: 'message', key: 'sessions.deleteRunning', values: {} });
  if (doomed.length === 0) return;
  const ids = doomed.map((row) => row.id);
  await useSessions().remove(project, ids);
  const first = doomed[0];
  notices.report(
    'sessions.deleted',
    { count: ids.length, name: first === undefined ? '' : sessionName(first) },
    {
      label: 'common.undo',
      run: () => void notices.attempt(() => useSessions().restore(project, ids)),
    },
  );
}

/** Copies the sessions into another project's file and shows a notice. */
export async function copySessions(ids: readonly SessionId[], toPath: string): Promise<void> {
  const project = useSelection().project;
  if (project === null) return;
  const { copied, toPath: path } = await useSessions().copy(project, [...ids], toPath);
  useNotices().report('sessions.copied', { count: copied, path });
}
