/** A process that starts some Python in a terminal, waits for its first output, and is killed: `node start-and-die.ts CODE [KEEPER]`. */
import { startInPty } from '../pty-target.ts';
import { python, pythonPlan } from './python-plan.ts';

const [code = '', script] = process.argv.slice(2);
const keeper = script === undefined ? null : { python: python(), script };
const target = startInPty({ ...pythonPlan(code), keeper }, { columns: 80, rows: 24 });
target.onData((bytes) => {
  if (Buffer.from(bytes).includes('ready')) process.kill(process.pid, 'SIGKILL');
});
