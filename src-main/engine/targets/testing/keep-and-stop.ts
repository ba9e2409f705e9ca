/** Starts some Python with a keeper, stops at its first output, and writes down what it receives: `CODE FOLDER OUT`. */
import { appendFileSync } from 'node:fs';
import { startKept } from '../kept-target.ts';
import { keepOutput } from '../output-keeper.ts';
import { python, pythonPlan } from './python-plan.ts';

const [code = '', folder = '', out = ''] = process.argv.slice(2);
const keeper = await keepOutput({ python: python(), folder }, { stdout: 1, stderr: 2 });
if (keeper === null) throw new Error('there is no keeper');
const target = startKept(pythonPlan(code), keeper, 'ignore');
let stopped = false;
target.terminal.onData((bytes) => {
  appendFileSync(out, bytes);
  if (!stopped) process.kill(process.pid, 'SIGSTOP');
  stopped = true;
});
