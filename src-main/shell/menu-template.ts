import { visibleLine } from '../../src-preload/contract/index.ts';
import type { RecentProject, Settings } from '../../src-preload/contract/index.ts';
import type { Word, Words } from './words.ts';

/** The part of Electron's menu items that is used, so that the template can be built and tested without Electron. */
export interface MenuItem {
  id?: string;
  label?: string;
  role?: MenuRole;
  type?: 'separator' | 'radio';
  accelerator?: string;
  registerAccelerator?: boolean;
  enabled?: boolean;
  checked?: boolean;
  submenu?: MenuItem[];
  click?: () => void;
}

export type MenuRole =
  | 'about'
  | 'services'
  | 'hide'
  | 'hideOthers'
  | 'unhide'
  | 'quit'
  | 'close'
  | 'minimize'
  | 'zoom'
  | 'front'
  | 'windowMenu'
  | 'undo'
  | 'redo'
  | 'cut'
  | 'copy'
  | 'paste'
  | 'selectAll'
  | 'resetZoom'
  | 'zoomIn'
  | 'zoomOut'
  | 'togglefullscreen'
  | 'reload'
  | 'toggleDevTools';

/** What the menu shows. */
export interface MenuFacts {
  platform: NodeJS.Platform;
  words: Words;
  settings: Pick<Settings, 'theme' | 'language'>;
  recents: readonly RecentProject[];
  recording: boolean;
  /** Not in a package: reload and developer tools are shown. */
  development: boolean;
}

/** What the menu does. */
export interface MenuActions {
  /** Runs an action of the window, by the ids of `src-renderer/views/frame/catalogue.ts`. */
  action(id: string): void;
  openRecent(path: string): void;
  set(change: Partial<Pick<Settings, 'theme' | 'language'>>): void;
  quit(): void;
}

/**
 * Keys of the window's own actions are shown but not registered on Linux and Windows: the window handles them itself, and the program's
 * terminal keeps Ctrl+O, Ctrl+W and the like when it has the focus. On macOS they use Cmd, which no terminal needs, and cannot be shown
 * without being registered.
 */
class Builder {
  readonly facts: MenuFacts;
  readonly actions: MenuActions;
  readonly mac: boolean;

  constructor(facts: MenuFacts, actions: MenuActions) {
    this.facts = facts;
    this.actions = actions;
    this.mac = facts.platform === 'darwin';
  }

  /** macOS has no access keys with Alt. */
  label(word: Word): string {
    const text = this.facts.words[word];
    return this.mac ? text.replace(/\(&\w\)|&/g, '') : text;
  }

  action(word: Word, id: string, accelerator?: string, enabled = true): MenuItem {
    const item: MenuItem = { id, label: this.label(word), enabled, click: () => this.actions.action(id) };
    if (accelerator === undefined || (this.mac && !accelerator.includes('CmdOrCtrl'))) return item;
    return { ...item, accelerator, registerAccelerator: this.mac };
  }

  menu(word: Word, submenu: MenuItem[]): MenuItem {
    return { label: this.label(word), submenu };
  }

  edit(role: MenuRole): MenuItem {
    return this.mac ? { role } : { role, registerAccelerator: false };
  }
}

const LINE: MenuItem = { type: 'separator' };

/** The whole menu bar. */
export function menuTemplate(facts: MenuFacts, actions: MenuActions): MenuItem[] {
  const builder = new Builder(facts, actions);
  const menus = [fileMenu(builder), editMenu(builder), viewMenu(builder), recordMenu(builder)];
  return builder.mac ? [appMenu(builder), ...menus, { role: 'windowMenu' }, helpMenu(builder)] : [...menus, helpMenu(builder)];
}

function appMenu(builder: Builder): MenuItem {
  const roles: MenuItem[] = [
    { role: 'about' },
    LINE,
    { role: 'services' },
    LINE,
    { role: 'hide' },
    { role: 'hideOthers' },
    { role: 'unhide' },
    LINE,
  ];
  return {
    label: 'Heapscope',
    submenu: [...roles, { label: builder.label('quit'), accelerator: 'Cmd+Q', click: () => builder.actions.quit() }],
  };
}

function fileMenu(builder: Builder): MenuItem {
  const items = [
    builder.action('new', 'project.new', builder.mac ? 'CmdOrCtrl+N' : undefined),
    builder.action('open', 'project.open', 'CmdOrCtrl+O'),
    builder.menu('openRecent', recentItems(builder)),
    LINE,
    builder.action('saveAs', 'project.save-as', 'CmdOrCtrl+Alt+S'),
    LINE,
  ];
  if (builder.mac) return builder.menu('file', [...items, { role: 'close', label: builder.label('close') }]);
  return builder.menu('file', [
    ...items,
    { label: builder.label('close'), role: 'close', accelerator: 'Ctrl+Shift+W' },
    { label: builder.label('quit'), accelerator: 'Ctrl+Shift+Q', click: () => builder.actions.quit() },
  ]);
}

/** Untitled ones are listed by the window; these are the files that were saved somewhere. */
function recentItems(builder: Builder): MenuItem[] {
  const shown = builder.facts.recents.filter((recent) => recent.exists && !recent.untitled).slice(0, 12);
  if (shown.length === 0) return [{ label: builder.label('noRecents'), enabled: false }];
  // An ampersand in a name is not an access key, and bidirectional characters must not change the items below.
  return shown.map(({ path }) => ({ label: visibleLine(path).replaceAll('&', '&&'), click: () => builder.actions.openRecent(path) }));
}

function editMenu(builder: Builder): MenuItem {
  const roles: MenuRole[] = ['cut', 'copy', 'paste', 'selectAll'];
  return builder.menu('edit', [builder.edit('undo'), builder.edit('redo'), LINE, ...roles.map((role) => builder.edit(role))]);
}

function viewMenu(builder: Builder): MenuItem {
  const development: MenuItem[] = builder.facts.development ? [LINE, { role: 'reload' }, { role: 'toggleDevTools' }] : [];
  return builder.menu('view', [
    builder.action('viewLaunch', 'view.launch', '1'),
    builder.action('viewSessions', 'view.sessions', '2'),
    builder.action('viewTimeline', 'view.timeline', '3'),
    LINE,
    builder.action('back', 'view.back', builder.mac ? 'CmdOrCtrl+[' : 'Alt+Left'),
    builder.action('forward', 'view.forward', builder.mac ? 'CmdOrCtrl+]' : 'Alt+Right'),
    builder.action('palette', 'window.palette', 'CmdOrCtrl+K'),
    LINE,
    builder.menu('theme', themeItems(builder)),
    builder.menu('language', languageItems(builder)),
    LINE,
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
    ...development,
  ]);
}

function themeItems(builder: Builder): MenuItem[] {
  const themes: [Settings['theme'], Word][] = [
    ['system', 'themeSystem'],
    ['light', 'themeLight'],
    ['dark', 'themeDark'],
  ];
  return themes.map(([theme, word]) => ({
    type: 'radio',
    label: builder.label(word),
    checked: builder.facts.settings.theme === theme,
    click: () => builder.actions.set({ theme }),
  }));
}

/** Each language by its own name, so that a user who cannot read the current one finds it. */
function languageItems(builder: Builder): MenuItem[] {
  const languages: [Settings['language'], string][] = [
    ['system', builder.label('languageSystem')],
    ['en', 'English'],
    ['zh-CN', '简体中文'],
  ];
  return languages.map(([language, label]) => ({
    type: 'radio',
    label,
    checked: builder.facts.settings.language === language,
    click: () => builder.actions.set({ language }),
  }));
}

function recordMenu(builder: Builder): MenuItem {
  const { recording } = builder.facts;
  return builder.menu('record', [
    builder.action('newRecording', 'record.new', 'CmdOrCtrl+Alt+N'),
    builder.action('start', 'record.start', 'F5'),
    builder.action('again', 'record.again'),
    LINE,
    builder.action('mark', 'record.mark', 'M', recording),
    builder.action('collect', 'record.collect', 'G', recording),
    builder.action('pause', 'record.pause', undefined, recording),
    builder.action('resume', 'record.resume', undefined, recording),
    LINE,
    builder.action('interrupt', 'record.interrupt', 'Shift+F5', recording),
    builder.action('terminate', 'record.terminate', undefined, recording),
    builder.action('kill', 'record.kill', undefined, recording),
  ]);
}

function helpMenu(builder: Builder): MenuItem {
  const about = builder.mac ? [] : [builder.action('about', 'window.about')];
  return builder.menu('help', [builder.action('shortcuts', 'window.shortcuts', '?'), ...about]);
}
