import { nextTick } from 'vue';
import type { ProjectId } from '../../../src-preload/contract/index.ts';
import { useActions } from '../../stores/actions.ts';
import { useAllocations } from '../../stores/allocations.ts';
import { useApp } from '../../stores/app.ts';
import { useLaunch } from '../../stores/launch.ts';
import { useLayout } from '../../stores/layout.ts';
import { useNotices } from '../../stores/notices.ts';
import { useProjects } from '../../stores/projects.ts';
import { useRecording } from '../../stores/recording.ts';
import { useSelection } from '../../stores/selection.ts';
import { readHistory, writeHistory } from '../../stores/selection-history.ts';
import { parseHash } from '../../stores/selection-link.ts';
import { useSources } from '../../stores/sources.ts';
import { useSessions } from '../../stores/sessions.ts';
import { useSnapshots } from '../../stores/snapshots.ts';
import { useTimeline } from '../../stores/timeline.ts';
import { openPath, recordSpec, showProject } from '../shared/project-actions.ts';

let listening = false;

/** Once: a retry after a failed start must not subscribe twice. */
function listen(): void {
  if (listening) return;
  listening = true;
  for (const store of [useNotices(), useProjects(), useSessions(), useRecording(), useSnapshots()]) store.listen();
  // Outside of any component, so that its watchers outlive each of them.
  useTimeline().listen();
  useSources().listen();
  useAllocations().listen();
  window.addEventListener('pagehide', () => {
    useLayout().flush();
    keepHistory();
  });
  useActions().listen((asked) => {
    void useNotices().attempt(() => (asked.command === 'open' ? openPath(asked.path) : recordSpec(asked.spec)));
  });
  useApp().onMissedEvents(() => void useNotices().attempt(reload));
}

/** Reads again what missed events would have reported. */
async function reload(): Promise<void> {
  await Promise.all([useProjects().load(), useRecording().load()]);
  const { project, session } = useSelection();
  if (project !== null) await Promise.all([useSessions().load(project), useSnapshots().load(project)]);
  if (project !== null && session !== null) await useSessions().loadProcesses(project, session);
}

/** Connects, reads what everything depends on, and shows what was asked for. Throws errors that keep the window from opening. */
export async function startWindow(): Promise<void> {
  const app = useApp();
  await app.start();
  useLayout().load(app.settings.window);
  listen();
  await Promise.all([useProjects().load(), useRecording().load()]);
  void useNotices().attempt(() => useLaunch().load(app.info?.cwd ?? ''));
  await nextTick();
  await useNotices().attempt(showWhatWasAsked);
  resumeHistory();
}

const HISTORY = 'heapscope.history';

/** For a reload of this page: back and forward continue from where they were. */
function keepHistory(): void {
  const { entries, index } = useSelection();
  const pathOf = (id: ProjectId): string | null => useProjects().open.find((project) => project.id === id)?.path ?? null;
  window.sessionStorage.setItem(HISTORY, writeHistory({ entries, index }, pathOf));
}

function resumeHistory(): void {
  const kept = window.sessionStorage.getItem(HISTORY);
  window.sessionStorage.removeItem(HISTORY);
  const projectAt = (path: string): ProjectId | null => useProjects().open.find((project) => project.path === path)?.id ?? null;
  if (kept !== null) useSelection().resume(readHistory(kept, projectAt));
}

/** The command line first, then the link in the address, then a running recording, then an open project. */
async function showWhatWasAsked(): Promise<void> {
  const start = useApp().takeStart();
  for (const path of start.open) await useNotices().attempt(() => openPath(path));
  if (start.record !== null) {
    useLaunch().fill(start.record);
    await recordSpec(start.record);
  }
  if (start.open.length > 0 || start.record !== null) return;
  if (await showLink(window.location.hash)) return;
  const running = useRecording().running.at(-1);
  if (running !== undefined) return useSelection().go({ project: running.project, session: running.session, view: 'timeline' });
  const open = useProjects().open.at(-1);
  if (open !== undefined) await showProject(open.id);
}

/** Shows the target of a link; false if it has none. */
export async function showLink(hash: string): Promise<boolean> {
  const link = parseHash(hash);
  if (link === null) return false;
  const { path } = link;
  if (path === null) return false;
  const open = useProjects().open.find((project) => project.path === path);
  const project = open ?? (await useProjects().openPath(path));
  await useSessions().load(project.id);
  const exists = useSessions().byProject[project.id]?.some((row) => row.id === link.session) ?? false;
  // Read again: the project's handle is known only now, and a set of objects may refer to it.
  const { path: _, ...rest } = parseHash(hash, project.id) ?? link;
  // Runs, and snapshots of other files, do not belong to a session of this project.
  const fits = exists || (rest.session === null && (rest.view === 'runs' || rest.view === 'compare'));
  if (fits) useSelection().go({ ...rest, project: project.id });
  else if (link.session === null) useSelection().go({ project: project.id, session: null, view: 'sessions' });
  else await showProject(project.id);
  return true;
}
