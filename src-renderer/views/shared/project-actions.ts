import { isProjectHead, isProjectName, isScriptName, launchOf, PROJECT_HEAD, visibleLine } from '../../../src-preload/contract/index.ts';
import type { ErrorData, LaunchSpec, ProjectId, ProjectInfo } from '../../../src-preload/contract/index.ts';
import { t, tn } from '../../format/i18n.ts';
import { sessionName } from '../../format/program.ts';
import { useApp } from '../../stores/app.ts';
import { useDialogs } from '../../stores/dialogs.ts';
import { useFiles } from '../../stores/files.ts';
import { useLaunch } from '../../stores/launch.ts';
import { errorOf, useNotices } from '../../stores/notices.ts';
import { useProjects } from '../../stores/projects.ts';
import { useRecording } from '../../stores/recording.ts';
import { useSelection } from '../../stores/selection.ts';
import { useSessions } from '../../stores/sessions.ts';
import { damageLines, projectName, readOnlyText } from './project-words.ts';

/** Opens a project and shows its only session, or the list of them. */
export async function openProject(path: string): Promise<void> {
  await showOpened(await useProjects().openPath(path));
}

async function showOpened(project: ProjectInfo): Promise<void> {
  if (project.damage !== null) {
    const values = { path: project.damage.path, lost: damageLines(project).join(' ') };
    useNotices().push('warning', { kind: 'message', key: 'common.notices.damaged', values });
  } else if (project.access === 'read-only') {
    useNotices().push('warning', {
      kind: 'message',
      key: 'common.notices.readOnly',
      values: { name: projectName(project), why: readOnlyText(project) },
    });
  }
  await showProject(project.id);
}

export async function showProject(project: ProjectId): Promise<void> {
  await useSessions().load(project);
  const rows = useSessions().byProject[project] ?? [];
  const only = rows.length === 1 ? rows[0] : undefined;
  useSelection().go(only === undefined ? { project, session: null, view: 'sessions' } : { project, session: only.id, view: 'timeline' });
}

export async function chooseProject(): Promise<void> {
  const path = await useFiles().pickFile('project', '');
  if (path !== null) await openProject(path);
}

export async function newProject(): Promise<void> {
  const project = await useProjects().create();
  useSelection().go({ project: project.id, session: null, view: 'launch' });
}

export async function saveProjectAs(): Promise<void> {
  const project = useProjects().current;
  if (project === null) return;
  const { session, view } = useSelection();
  const saved = await saveWhereAsked(project);
  if (saved === null) return;
  if (saved.id !== project.id) useSelection().go({ project: saved.id, session, view }, { replace: true });
  useNotices().report('common.project.saved', { path: saved.path });
}

/** Asks again, with what was typed and why it did not do, until it is saved or given up (null). Begins in the project's own folder. */
async function saveWhereAsked(project: ProjectInfo): Promise<ProjectInfo | null> {
  const separator = useApp().info?.separator ?? '/';
  let suggested = project.untitled ? `${t('common.project.untitled')}.heapscope` : project.path;
  for (let error: ErrorData | null = null; ;) {
    const at = suggested.lastIndexOf(separator);
    const place = await useFiles().pickSave(suggested.slice(at + 1), suggested.slice(0, Math.max(0, at)), error);
    if (place === null) return null;
    try {
      return await useProjects().saveAs(project.id, place.path, place.overwrite);
    } catch (thrown) {
      error = errorOf(thrown);
      if (error.code === 'call.cancelled' || useApp().native !== null) throw thrown;
      suggested = place.path;
    }
  }
}

function mayDiscard(snapshots: number): Promise<boolean> {
  const title = tn('common.project.importingQuestion', snapshots);
  return useDialogs().confirm({
    title,
    text: tn('common.project.importingText', snapshots),
    action: t('common.project.importingAction'),
    danger: true,
  });
}

export async function closeProject(): Promise<void> {
  const project = useProjects().current;
  if (project === null) return;
  const closed = await useProjects().close(project.id, mayDiscard);
  if (closed && useSelection().project === null) useSelection().go({ view: 'launch' });
}

/** The target of a recording: the current project, if it is writable. */
export function recordingTarget(): ProjectId | null {
  const project = useProjects().current;
  return project !== null && project.access === 'write' ? project.id : null;
}

/** Starts what the user entered, or saw and agreed to. */
export async function recordSpec(spec: LaunchSpec): Promise<void> {
  await useRecording().start(spec, recordingTarget());
  void useNotices().attempt(() => useLaunch().loadRecents());
}

/** Starts a stored specification: one that this machine has never started is shown in the form instead. */
export async function recordKept(spec: LaunchSpec): Promise<void> {
  const started = await useRecording().startKept(spec, recordingTarget());
  if (started === null) {
    useLaunch().fillFromElsewhere(spec);
    useSelection().go({ view: 'launch' });
    return;
  }
  void useNotices().attempt(() => useLaunch().loadRecents());
}

/** Records what the form describes; shows its problems instead if it has some. */
export async function recordDraft(): Promise<void> {
  const launch = useLaunch();
  if (launch.isBlank) return;
  await launch.check();
  if (launch.canRecord) await recordSpec(launch.spec);
}

/** What ran in the current session; null: there is no session, or we did not start it. */
export function launchInView(): LaunchSpec | null {
  const session = useSessions().current;
  return session === null ? null : launchOf(session);
}

export async function recordAgain(): Promise<void> {
  const spec = launchInView();
  if (spec !== null) await recordKept(spec);
}

/** What the desktop or the command line asked to open must be a project; a script is filled into the form, for the user to check. */
export async function openPath(path: string): Promise<void> {
  const project = await useProjects().openUnlessScript(path);
  if (project === null) showScript(path);
  else await showOpened(project);
}

/** One after the other, so that the last one is shown; a failure does not affect the others. */
export async function takeFiles(files: readonly File[]): Promise<void> {
  for (const file of files) await useNotices().attempt(() => takeFile(file));
}

/** A dropped file: a project by its content or its name is opened, a script fills the form. Neither starts anything. */
async function takeFile(file: File): Promise<void> {
  const head = new Uint8Array(await file.slice(0, PROJECT_HEAD).arrayBuffer());
  const isProject = isProjectName(file.name) || isProjectHead(head);
  if (!isProject && !isScriptName(file.name)) {
    useNotices().report('common.notices.droppedUnknown', { name: file.name });
    return;
  }
  const { path, copied } = await useFiles().dropped(file);
  if (copied) useNotices().push('warning', { kind: 'message', key: 'common.notices.droppedCopy', values: { name: file.name, path } });
  if (isProject) return openProject(path);
  showScript(path);
}

function showScript(path: string): void {
  useLaunch().chooseScript(path);
  useSelection().go({ view: 'launch' });
}

/** A link that opens this view again, in the desktop app as in a browser. */
export async function copyLink(): Promise<void> {
  await navigator.clipboard.writeText(window.location.href);
  useNotices().report('common.notices.linkCopied');
}

/** The shell's title and its list of recent documents follow the window. */
export function reportToShell(): void {
  const project = useProjects().current;
  const session = useSessions().current;
  const parts = [
    session === null ? undefined : sessionName(session),
    project?.untitled === true ? t('common.project.untitled') : project?.name,
    t('common.appName'),
  ];
  const title = visibleLine(parts.filter((part) => part !== undefined && part !== '').join(' — '));
  document.title = title;
  useApp().report({ title, path: project?.path ?? '', recording: useRecording().running.length > 0 });
}
