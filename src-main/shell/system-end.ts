import { constants } from 'node:os';
import { app, powerMonitor } from 'electron';
import { type Log, monotonicNow } from '../engine/faces/base.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A terminal and npm may both pass on the same Ctrl-C. */
const SAME_SIGNAL_MS = 500;

/**
 * The system, or whoever started us, ends us: nobody is asked, files are closed, and that is all. To be called when the app
 * is ready, since Electron puts its own signal handlers in place between running our module and `ready`, over any that are
 * there. `hand`: what there is to be ended. A signal that comes again, later, is not waited for.
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
  // Its types have no event; its documentation has one, by which the system waits for us (Linux, macOS).
  powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
    event?.preventDefault();
    begin(0);
  });
  // Windows tells windows, and nothing else of it comes: no `before-quit`.
  app.on('browser-window-created', (_event, window) => window.on('session-end', () => begin(0)));
  return { hand: (given) => void (end = given) };
}
