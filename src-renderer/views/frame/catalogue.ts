import { t, type MessageKey } from '../../format/i18n.ts';
import type { Action, ActionGroup } from '../../stores/actions.ts';
import { useApp } from '../../stores/app.ts';
import { useDialogs } from '../../stores/dialogs.ts';
import { useLaunch } from '../../stores/launch.ts';
import { useProjects } from '../../stores/projects.ts';
import { useRecording } from '../../stores/recording.ts';
import { useSelection } from '../../stores/selection.ts';
import type { ViewId } from '../../stores/selection.ts';
import { takeSnapshot } from '../shared/snapshot-actions.ts';
import { panels } from './panels.ts';
import {
  chooseProject,
  closeProject,
  copyLink,
  launchInView,
  newProject,
  recordAgain,
  recordDraft,
  saveProjectAs,
} from '../shared/project-actions.ts';
import { collectNow, nextStop, stopBy, togglePause, traceWith } from './recording-actions.ts';

interface Options {
  shortcuts?: string[];
  enabled?: () => boolean;
}

function action(id: string, group: ActionGroup, label: MessageKey, run: Action['run'], options: Options = {}): Action {
  return { id, group, label, run, shortcuts: options.shortcuts ?? [], enabled: options.enabled ?? (() => true) };
}

const recordingNow = (): boolean => useRecording().current !== null;
const withAgent = (): boolean => useRecording().hasAgent;
const hasProject = (): boolean => useProjects().current !== null;
/** Frames for the action without a menu: enough to identify the caller. */
const FRAMES = 10;

/** Its key starts the form if it is shown and filled, else asks whether to start the last program again, else shows the form. */
async function record(): Promise<void> {
  const selection = useSelection();
  if (selection.view === 'launch' && !useLaunch().isBlank) return recordDraft();
  const spec = launchInView();
  if (spec === null || recordingNow()) return selection.go({ view: 'launch' });
  const question = {
    title: t('common.recording.againQuestion', { program: spec.target }),
    text: t('common.recording.againText'),
    action: t('common.actions.recordAgain'),
    danger: false,
  };
  if (await useDialogs().confirm(question)) await recordAgain();
}

function recordingActions(): Action[] {
  return [
    action('record.start', 'record', 'common.actions.record', record, { shortcuts: ['F5', 'Mod+Enter'] }),
    action('record.new', 'record', 'common.actions.newRecording', () => useSelection().go({ view: 'launch' }), {
      shortcuts: ['Mod+Alt+N'],
    }),
    action('record.again', 'record', 'common.actions.recordAgain', recordAgain, { enabled: () => launchInView() !== null }),
    action('record.snapshot', 'record', 'common.actions.snapshot', takeSnapshot, { shortcuts: ['Mod+Shift+S', 'S'], enabled: withAgent }),
    action('record.snapshot-settings', 'record', 'heap.take.settings', () => useDialogs().show('snapshot-settings'), {
      enabled: recordingNow,
    }),
    action('record.mark', 'record', 'common.actions.mark', () => useDialogs().show('mark'), { shortcuts: ['M'], enabled: recordingNow }),
    action('record.collect', 'record', 'common.actions.collect', collectNow, { shortcuts: ['G'], enabled: withAgent }),
    action('record.pause', 'record', 'common.actions.pause', togglePause, {
      enabled: () => recordingNow() && !useRecording().current?.paused,
    }),
    action('record.resume', 'record', 'common.actions.resume', togglePause, { enabled: () => useRecording().current?.paused === true }),
    action('record.stop', 'record', 'common.actions.stop', () => stopBy(nextStop()), { enabled: recordingNow }),
    action('record.interrupt', 'record', 'common.actions.interrupt', () => stopBy('interrupt'), {
      shortcuts: ['Shift+F5', 'Mod+.'],
      enabled: recordingNow,
    }),
    action('record.terminate', 'record', 'common.actions.terminate', () => stopBy('terminate'), { enabled: recordingNow }),
    action('record.kill', 'record', 'common.actions.kill', () => stopBy('kill'), { enabled: recordingNow }),
    action('record.tracemalloc-start', 'record', 'common.actions.tracemallocStart', () => traceWith(FRAMES), {
      enabled: () => withAgent() && useRecording().tracemallocFrames === 0,
    }),
    action('record.tracemalloc-stop', 'record', 'common.actions.tracemallocStop', () => traceWith(0), {
      enabled: () => useRecording().tracemallocFrames > 0,
    }),
  ];
}

function projectActions(): Action[] {
  return [
    action('project.new', 'project', 'common.actions.newProject', newProject),
    action('project.open', 'project', 'common.actions.openProject', chooseProject, { shortcuts: ['Mod+O'] }),
    action('project.save-as', 'project', 'common.actions.saveAs', saveProjectAs, { shortcuts: ['Mod+Alt+S'], enabled: hasProject }),
    action('project.close', 'project', 'common.actions.closeProject', closeProject, { enabled: hasProject }),
  ];
}

function viewActions(): Action[] {
  const selection = useSelection();
  const show = (view: ViewId) => (): void => selection.go({ view });
  return [
    action('view.launch', 'view', 'common.actions.showLaunch', show('launch'), { shortcuts: ['1'] }),
    action('view.sessions', 'view', 'common.actions.showSessions', show('sessions'), { shortcuts: ['2'], enabled: hasProject }),
    action('view.timeline', 'view', 'common.actions.showTimeline', show('timeline'), {
      shortcuts: ['3'],
      enabled: () => selection.session !== null,
    }),
    action('view.heap', 'view', 'common.actions.showHeap', show('heap'), { shortcuts: ['4'], enabled: () => selection.session !== null }),
    action('view.allocations', 'view', 'common.actions.showAllocations', show('allocations'), {
      shortcuts: ['5'],
      enabled: () => selection.session !== null,
    }),
    action('view.compare', 'view', 'common.actions.showCompare', show('compare'), { shortcuts: ['6'], enabled: hasProject }),
    action('view.runs', 'view', 'common.actions.showRuns', show('runs'), { shortcuts: ['7'], enabled: hasProject }),
    action('view.back', 'view', 'common.actions.back', () => selection.back(), {
      shortcuts: ['Alt+ArrowLeft'],
      enabled: () => selection.canGoBack,
    }),
    action('view.forward', 'view', 'common.actions.forward', () => selection.forward(), {
      shortcuts: ['Alt+ArrowRight'],
      enabled: () => selection.canGoForward,
    }),
    action('view.console', 'view', 'common.actions.toggleConsole', () => panels.toggle('console'), { shortcuts: ['Mod+J'] }),
    action('view.inspector', 'view', 'common.actions.toggleInspector', () => panels.toggle('inspector'), { shortcuts: ['Mod+I'] }),
    action('view.copy-link', 'view', 'common.actions.copyLink', copyLink, { enabled: hasProject }),
  ];
}

function windowActions(): Action[] {
  const app = useApp();
  const dialogs = useDialogs();
  const connected = (): boolean => app.isConnected;
  return [
    action('window.palette', 'window', 'common.actions.palette', () => dialogs.show('palette'), { shortcuts: ['Mod+K'] }),
    action('window.shortcuts', 'window', 'common.actions.shortcuts', () => dialogs.show('shortcuts'), { shortcuts: ['?'] }),
    action('window.settings', 'window', 'common.actions.settings', () => dialogs.show('settings'), {
      shortcuts: ['Mod+,'],
      enabled: connected,
    }),
    action('theme.system', 'window', 'common.actions.themeSystem', () => app.change({ theme: 'system' }), { enabled: connected }),
    action('theme.light', 'window', 'common.actions.themeLight', () => app.change({ theme: 'light' }), { enabled: connected }),
    action('theme.dark', 'window', 'common.actions.themeDark', () => app.change({ theme: 'dark' }), { enabled: connected }),
    action('language.system', 'window', 'common.actions.languageSystem', () => app.change({ language: 'system' }), { enabled: connected }),
    action('language.en', 'window', 'common.actions.languageEn', () => app.change({ language: 'en' }), { enabled: connected }),
    action('language.zh', 'window', 'common.actions.languageZh', () => app.change({ language: 'zh-CN' }), { enabled: connected }),
    action('window.about', 'window', 'common.actions.about', () => dialogs.show('about')),
  ];
}

/** Every action of the window as a whole. */
export function windowCatalogue(): Action[] {
  return [...recordingActions(), ...projectActions(), ...viewActions(), ...windowActions()];
}
