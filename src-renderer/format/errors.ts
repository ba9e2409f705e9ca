import type { ErrorCode, ErrorData, Facts } from '../../src-preload/contract/index.ts';
import type { ErrorVariant, ErrorWords } from './locales/index.ts';
import { i18n, t } from './i18n.ts';
import type { MessageKey, MessageValues } from './i18n.ts';
import { bytes } from './units.ts';

/** An error as text: what went wrong and where, what to do next, and the system's own message. */
export interface WordedError extends ErrorWords {
  detail: string;
}

/** Facts that are sizes, shown with their unit. */
const SIZES = new Set(['size', 'limit']);

function valuesOf(facts: Facts): MessageValues {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, typeof value === 'number' && SIZES.has(name) ? bytes(value) : String(value ?? '')]),
  );
}

/** By the `detail` that a code's facts may have. */
const VARIANTS: Partial<Record<ErrorCode, Record<string, ErrorVariant>>> = {
  'interpreter.crashed': { timeout: 'interpreter.crashed-timeout' },
  'interpreter.not-python': { directory: 'interpreter.not-python-folder', 'not-executable': 'interpreter.not-python-executable' },
  'launch.script-missing': { folder: 'launch.script-missing-folder', arguments: 'launch.script-missing-arguments' },
  'launch.command-malformed': {
    'shell-operator': 'launch.command-malformed-shell',
    'shell-variable': 'launch.command-malformed-shell',
    'module-name': 'launch.command-malformed-module',
  },
};

/** A fact may select the message: a crash by a signal reads differently from one with an exit code. */
function variantOf({ code, facts }: ErrorData): ErrorCode | ErrorVariant | 'unknown' {
  if (code === 'interpreter.crashed' && typeof facts.signal === 'string' && facts.signal !== '') return 'interpreter.crashed-signal';
  const variant = VARIANTS[code]?.[String(facts.detail)];
  if (variant !== undefined) return variant;
  // A file or an engine newer than this window may contain a code that it does not know.
  return i18n.global.te(`errors.${code}.what`) ? code : 'unknown';
}

/** An error as text in the current language. */
export function wordError(error: ErrorData): WordedError {
  const base = `errors.${variantOf(error)}` as const;
  const values: MessageValues = { code: error.code, ...valuesOf(error.facts) };
  const what: MessageKey = `${base}.what`;
  const next: MessageKey = `${base}.next`;
  const said = t(what, values);
  const { detail } = error.facts;
  // Said already: it selected the message, or is part of it.
  const isSaid = typeof detail !== 'string' || VARIANTS[error.code]?.[detail] !== undefined || said.includes(detail);
  return { what: said, next: t(next, values), detail: isSaid ? '' : detail };
}
