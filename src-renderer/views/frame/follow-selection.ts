import { onBeforeUnmount, watch, watchEffect } from 'vue';
import { useBookmarks } from '../../stores/bookmarks.ts';
import { useNotices } from '../../stores/notices.ts';
import { useProjects } from '../../stores/projects.ts';
import { useSelection } from '../../stores/selection.ts';
import { toHash } from '../../stores/selection-link.ts';
import { useSessions } from '../../stores/sessions.ts';
import { useSources } from '../../stores/sources.ts';
import { useSnapshots } from '../../stores/snapshots.ts';
import { followSnapshots } from './follow-snapshots.ts';
import { reportToShell } from '../shared/project-actions.ts';
import { showLink } from './start-window.ts';

/** Keeps the loaded data, the address and the shell's title in sync with the selection. Call in a component's setup. */
export function followSelection(): void {
  const selection = useSelection();
  const sessions = useSessions();
  const attempt = (work: () => Promise<unknown>): void => void useNotices().attempt(work);

  watch(
    () => selection.project,
    (project) =>
      project !== null &&
      attempt(() =>
        Promise.all([useSources().adopt(project), sessions.load(project), useSnapshots().load(project), useBookmarks().load(project)]),
      ),
    { immediate: true },
  );
  watch(
    () => [selection.project, selection.session] as const,
    ([project, session]) => {
      if (project !== null && session !== null) attempt(() => sessions.loadProcesses(project, session));
    },
    { immediate: true },
  );
  followSnapshots();
  watchEffect(reportToShell);

  // The address is replaced, not pushed: back and forward are the selection's own, the same in every shell.
  let written = window.location.hash;
  watchEffect(() => {
    written = toHash(selection.current, useProjects().current?.path ?? null);
    window.history.replaceState(window.history.state, '', written);
  });
  const onHash = (): void => {
    if (window.location.hash !== written) attempt(() => showLink(window.location.hash));
  };
  window.addEventListener('hashchange', onHash);
  onBeforeUnmount(() => window.removeEventListener('hashchange', onHash));
}
