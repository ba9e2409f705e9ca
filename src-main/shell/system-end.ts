import { constants } from 'node:os';
import { app, powerMonitor } from 'electron';
import { type Log, monotonicNow } from '../engine/faces/base.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A terminal and npm may both deliver the same Ctrl-C. */
const SAME_SIGNAL_MS = 500;

/**
 * The system, or the parent process, ends us: files are closed without asking, and that is all. Must be called when the app is ready, since
 * Electron installs its own signal handlers between running our module and `ready`, replacing any that are there. `hand`: what has to be
 * ended. A signal that is repeated later ends the process without waiting.
 */
export function onSystemEnd(log: Log): { hand: (end: () => Promise<void>) => void } {
  let end: () => Promise<void> = () => Promise.resolve();
  let since: number | null = null;
  const begin = (status: number): void => {
    if (since !== null) {
      if (monotonicNow() - since > SAME_SIGNAL_MS) app.exit(status);
      return;
    }
    since = monotonicNow();
    void end()
      .catch((thrown: unknown) => log.warn('ending', thrown))
      .then(() => app.exit(status));
  };
  for (const signal of SIGNALS) process.on(signal, () => begin(128 + constants.signals[signal]));
  // Electron's types lack an event that its documentation describes, by which the system waits for us (Linux, macOS).
  powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
    event?.preventDefault();
    begin(0);
  });
  // Windows tells windows only: there is no `before-quit`.
  app.on('browser-window-created', (_event, window) => window.on('session-end', () => begin(0)));
  return { hand: (given) => void (end = given) };
}
