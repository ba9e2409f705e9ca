import type { ExitStatus, SessionState } from '../../src-preload/contract/index.ts';
import { t } from './i18n.ts';

export interface WordedExit {
  text: string;
  /** How prominent it should be. */
  tone: 'plain' | 'good' | 'warning' | 'error' | 'live';
}

function wordStatus(exit: ExitStatus): WordedExit {
  if (exit.outOfMemory) return { text: t('sessions.exit.outOfMemory'), tone: 'error' };
  if (exit.signal !== null) return { text: exit.signal, tone: exit.signal === 'SIGINT' || exit.signal === 'SIGTERM' ? 'plain' : 'error' };
  if (exit.code === null) return { text: t('sessions.exit.unknown'), tone: 'plain' };
  return { text: t('sessions.exit.code', { code: exit.code }), tone: exit.code === 0 ? 'plain' : 'warning' };
}

/** How a session or a process ended, in a word or two. */
export function wordExit(state: SessionState, exit: ExitStatus | null): WordedExit {
  if (state === 'running') return { text: t('sessions.exit.running'), tone: 'live' };
  if (state === 'interrupted') return { text: t('sessions.exit.interrupted'), tone: 'warning' };
  if (state === 'stopped-recording') return { text: t('sessions.exit.stoppedRecording'), tone: 'warning' };
  return exit === null ? { text: t('sessions.exit.unknown'), tone: 'plain' } : wordStatus(exit);
}
