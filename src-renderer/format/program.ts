import { launchOf, type Interpreter, type LaunchSpec, type SessionRow } from '../../src-preload/contract/index.ts';
import { joinWords } from './posix-words.ts';
import { t } from './i18n.ts';

export const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/** A command line without the folders of its absolute paths, for narrow places; the tooltip should have the whole. */
export function shortCommand(command: string): string {
  return command.replaceAll(/(^|\s)(?:\/|[A-Za-z]:\\)\S*[\\/](?=\S)/g, '$1');
}

/** One line that describes what runs: `app.py --port 80`, `-m pytest -k x`, `-c print(1)`, or the command itself. */
export function programLine({ mode, target, args }: LaunchSpec): string {
  if (mode === 'command') return target;
  const rest = args.length === 0 ? '' : ` ${joinWords(args)}`;
  if (mode === 'script') return baseName(target) + rest;
  return mode === 'module' ? `-m ${target}${rest}` : `-c ${target.trim().split('\n')[0] ?? ''}${rest}`;
}

/** The user's name for a session; by default what it ran, without the folders. */
export const sessionName = (row: SessionRow): string =>
  (row.name === row.program ? '' : row.name) || launchLine(row) || t('common.session.unnamed', { id: row.id });

/** `3.12.1`, `3.13.0 free-threaded`, `PyPy 3.10`; empty if unknown. */
export function interpreterName(interpreter: Interpreter | null): string {
  if (interpreter?.version == null) return '';
  const other =
    interpreter.implementation !== null && interpreter.implementation.toLowerCase() !== 'cpython' ? `${interpreter.implementation} ` : '';
  return `${other}${interpreter.version}${interpreter.freeThreaded ? ` ${t('launch.freeThreaded')}` : ''}`;
}

export function sourceName(source: Interpreter['source']): string {
  return source === 'active-venv' ? t('common.sources.activeVenv') : t(`common.sources.${source}`);
}

/** Empty: not started by us. */
function launchLine(row: SessionRow): string {
  const spec = launchOf(row);
  return spec === null ? '' : programLine(spec);
}
