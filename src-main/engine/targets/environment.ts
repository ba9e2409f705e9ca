import path from 'node:path';
import { pathKey } from './find-program.ts';
import type { Starter } from './target.ts';

/** Set by npm, Electron or their tools for our own process; the user's shell does not have them. */
const OURS = /^(npm_.*|HEAPSCOPE_.*|INIT_CWD|ELECTRON_.*|NODE_ENV_ELECTRON_VITE|CHROME_DESKTOP|APPDIR|APPIMAGE|ARGV0|OWD)$/;

/** Describes the terminal that we were started from, which does not apply to a program in our own terminal. */
const OUTER_TERMINAL =
  /^(TERM|TERM_PROGRAM|TERM_PROGRAM_VERSION|TERMCAP|COLORTERM|COLUMNS|LINES|TMUX|TMUX_PANE|STY|WINDOW|WINDOWID|VTE_VERSION|KONSOLE_.*|ITERM_.*|WT_SESSION|KITTY_.*)$/;

/** Path lists to which an AppImage adds folders of its own. */
const FOLDER_LISTS = ['PATH', 'LD_LIBRARY_PATH', 'XDG_DATA_DIRS', 'GSETTINGS_SCHEMA_DIR'];

export interface CleanEnvironmentOptions {
  terminal: Starter;
}

/**
 * The environment as the user's shell would give it: ours without the additions of npm, Electron and an AppImage. Variables that may as
 * well be the user's own (EDITOR, a NODE_OPTIONS that npm did not set) stay.
 */
export function cleanEnvironment(env: NodeJS.ProcessEnv, options: CleanEnvironmentOptions): Record<string, string> {
  const clean: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || OURS.test(name)) continue;
    if (options.terminal === 'pty' && OUTER_TERMINAL.test(name)) continue;
    clean[name] = value;
  }
  if (underNpm(env)) removeNpm(clean, env);
  if (env['APPDIR']) removeFolder(clean, env['APPDIR']);
  if (env['ORIGINAL_XDG_CURRENT_DESKTOP'] !== undefined) {
    clean['XDG_CURRENT_DESKTOP'] = env['ORIGINAL_XDG_CURRENT_DESKTOP'];
    delete clean['ORIGINAL_XDG_CURRENT_DESKTOP'];
  }
  return clean;
}

function underNpm(env: NodeJS.ProcessEnv): boolean {
  return env['npm_execpath'] !== undefined || env['npm_lifecycle_event'] !== undefined;
}

function removeNpm(clean: Record<string, string>, env: NodeJS.ProcessEnv): void {
  if (clean['NODE'] === env['npm_node_execpath']) delete clean['NODE'];
  if (clean['NODE_OPTIONS'] === env['npm_config_node_options']) delete clean['NODE_OPTIONS'];
  delete clean['COLOR'];
  const key = pathKey(clean);
  if (clean[key] !== undefined) clean[key] = withoutNpmFolders(clean[key]);
}

/** npm puts its folders first, so only the leading run is removed: a `node_modules/.bin` further back is the user's. */
function withoutNpmFolders(value: string): string {
  const folders = value.split(path.delimiter);
  const isNpms = (folder: string): boolean => /[\\/](node_modules[\\/]\.bin|node-gyp-bin)$/.test(folder);
  const first = folders.findIndex((folder) => !isNpms(folder));
  return first === -1 ? '' : folders.slice(first).join(path.delimiter);
}

function removeFolder(clean: Record<string, string>, folder: string): void {
  for (const name of FOLDER_LISTS) {
    const value = clean[name];
    if (value === undefined) continue;
    const kept = value.split(path.delimiter).filter((entry) => entry !== folder && !entry.startsWith(folder + path.sep));
    if (kept.join('') === '') delete clean[name];
    else clean[name] = kept.join(path.delimiter);
  }
}
