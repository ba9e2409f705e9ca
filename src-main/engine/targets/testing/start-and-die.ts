/**
 * A process that starts some Python in a terminal, waits for its first output, and is killed: `node start-and-die.ts CODE [FOLDER OF
 * KEEPERS]`.
 */
import { startInPty } from '../pty-target.ts';
import { python, pythonPlan } from './python-plan.ts';

const [code = '', folder] = process.argv.slice(2);
const keeper = folder === undefined ? null : { python: python(), folder };
const target = startInPty({ ...pythonPlan(code), keeper }, { columns: 80, rows: 24 });
target.terminal.onData((bytes) => {
  if (Buffer.from(bytes).includes('ready')) process.kill(process.pid, 'SIGKILL');
});
