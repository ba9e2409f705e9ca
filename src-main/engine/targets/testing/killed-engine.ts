import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { quoteWord } from '../command-line.ts';

const HEADLESS = join(import.meta.dirname, '..', '..', '..', 'headless.ts');
const GUARD = 60_000;

/** Prints to both streams for a while, and records how it ended and how much it had printed. */
const PYTHON = `import os, sys, time
folder, seconds = sys.argv[1], float(sys.argv[2])
def note(name, text):
    with open(os.path.join(folder, "part"), "w") as file: file.write(text)
    os.rename(os.path.join(folder, "part"), os.path.join(folder, name))
note("started", str(os.getpid()))
until, count, how = time.monotonic() + seconds, 0, "normal"
try:
    while time.monotonic() < until:
        print("out", count, flush=True)
        print("err", count, file=sys.stderr, flush=True)
        count += 1
        time.sleep(0.004)
except BaseException as error:
    how = repr(error)
note("ended", f"{how} {count}")
`;
const SHELL = `cd "$1"; echo $$ > part; mv part started; i=0
while [ $i -lt $(($2 * 40)) ]; do echo "out $i" || exit 9; echo "err $i" >&2 || exit 9; i=$((i + 1)); sleep 0.02; done
echo "normal $i" > part; mv part ended`;

export interface Mode {
  /** How a shell connects the recorder: `COMMAND > out 2> err`; `terminal`: it has one. */
  streams: 'files' | 'one file' | 'pipes' | 'terminal';
  program: 'python' | 'shell';
}

export interface Outcome {
  /** null: the engine was killed before the program began. */
  ended: string | null;
  /** What the user received of each stream; not checked for a terminal. */
  out: string;
  err: string;
  /** Processes that the engine had started and that are still running after it was killed. */
  left: number[];
}

export interface Kill {
  delay: number;
  from: 'program' | 'engine';
  /** SIGHUP: its terminal is closed. */
  signal: 'SIGKILL' | 'SIGHUP';
  seconds: number;
}

/** Records a program that runs `seconds`, signals the engine after `delay` (from the program's or the engine's start), and waits. */
export async function killEngine(mode: Mode, o: Kill): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'heapscope-killed-'));
  try {
    writeFileSync(join(folder, 'program.py'), PYTHON);
    const engine = startEngine(mode, folder, o.seconds);
    if (o.from === 'program') await until(() => existsSync(join(folder, 'started')));
    await sleep(o.delay);
    const children = childrenOf(engine.pid);
    process.kill(engine.pid, o.signal);
    await engine.gone;
    await Promise.race([until(() => existsSync(join(folder, 'started'))), sleep(1500)]);
    if (!existsSync(join(folder, 'started'))) return { ended: null, out: '', err: '', left: await stillRunning(children) };
    await until(() => existsSync(join(folder, 'ended')));
    const left = await stillRunning(children);
    return { ended: read(folder, 'ended'), out: read(folder, 'out'), err: read(folder, 'err'), left };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function startEngine({ streams, program }: Mode, folder: string, seconds: number): { pid: number; gone: Promise<void> } {
  const python = ['python3', join(folder, 'program.py'), folder, String(seconds)];
  const argv = program === 'python' ? python : ['sh', '-c', SHELL, 'sh', folder, String(seconds)];
  const words = ['--disable-warning=ExperimentalWarning', HEADLESS, 'record', '-q', '-o', join(folder, 'a.heapscope'), '--', ...argv];
  const env = { ...process.env, HEAPSCOPE_DATA: join(folder, 'data') };
  if (streams === 'terminal') return startInTerminal(words, folder, env);
  const redirection = { files: '> out 2> err', 'one file': '> out 2>&1', pipes: '2> err | cat > out' }[streams];
  // The killed pid is the engine's own: the pipeline's shell waits for the rest of it.
  const command = `exec sh -c 'echo $$ > engine.pid; exec "$@"' sh ${[process.execPath, ...words].map(quoteWord).join(' ')} ${redirection}`;
  const shell = spawn('sh', ['-c', command], { cwd: folder, env, stdio: 'ignore' });
  const read = (): number => Number(readFileSync(join(folder, 'engine.pid'), 'utf8'));
  return {
    get pid() {
      return read();
    },
    gone: new Promise((resolve) => void shell.once('exit', () => resolve())),
  };
}

function startInTerminal(words: string[], cwd: string, env: NodeJS.ProcessEnv): { pid: number; gone: Promise<void> } {
  const pty = createRequire(import.meta.url)('node-pty') as typeof import('node-pty');
  const terminal = pty.spawn(process.execPath, words, { cwd, env, cols: 80, rows: 24 });
  terminal.onData(() => undefined);
  return { pid: terminal.pid, gone: new Promise((resolve) => void terminal.onExit(() => resolve())) };
}

async function stillRunning(pids: readonly number[]): Promise<number[]> {
  let left = [...pids];
  for (const since = Date.now(); left.length > 0 && Date.now() - since < GUARD / 4; await sleep(50)) left = left.filter(runs);
  return left;
}

function runs(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

function childrenOf(pid: number): number[] {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.flatMap((thread) => read(`/proc/${pid}/task/${thread}`, 'children').split(' ').filter(Boolean).map(Number));
}

function read(folder: string, name: string): string {
  return existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '';
}

async function until(condition: () => boolean): Promise<void> {
  for (const since = Date.now(); !condition(); await sleep(20)) {
    if (Date.now() - since > GUARD) throw new Error('the program has neither begun nor ended');
  }
}
