import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { LARGEST_SAMPLING, quantity } from '../../src-preload/contract/index.ts';
import type { Actions, AllocationRequest } from './ports.ts';

/** The command line. `fail` gets one line about incorrect use; `done` the exit status of the command. */
export function buildProgram(version: string, actions: Actions, done: (status: number) => void): Command {
  const program = new Command('heapscope').description('Interactive memory-profiling sessions of Python programs').version(version);
  program.exitOverride().showHelpAfterError('(heapscope --help shows how it is used)').enablePositionalOptions();
  addOpen(program, actions, done);
  addServe(program, actions, done);
  addRecord(program, actions, done);
  addInfo(program, actions, done);
  addAllocations(program, actions, done);
  return program;
}

/** Arguments without a command are for `open`, even `help` for a program of the user's. Commander's own default command would take that. */
export function withCommand(program: Command, words: readonly string[]): string[] {
  const known = ['help', '-h', '--help', '-V', '--version', ...program.commands.map((command) => command.name())];
  return known.includes(words[0] ?? '') ? [...words] : ['open', ...words];
}

type Done = (status: number) => void;

function addOpen(program: Command, actions: Actions, done: Done): void {
  program
    .command('open')
    .description('open the window: with a project file, or with a program that is recorded at once')
    .argument('[target...]', 'a .heapscope file, or a script with its arguments, or -m and a module, or a command line')
    .option('--browser', 'in the default browser, even where the desktop app could be used', false)
    .option('--electron', 'in the desktop app, or not at all', false)
    .addOption(portOption())
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (targets: string[], options: { browser: boolean; electron: boolean; port?: number }) => {
      done(await actions.open(targets, { browser: options.browser, electron: options.electron, port: options.port ?? null }));
    });
}

function addServe(program: Command, actions: Actions, done: Done): void {
  program
    .command('serve')
    .description('serve the window to a browser on this machine, and print its address')
    .argument('[target...]', 'as for open')
    .addOption(portOption())
    .option('--no-open', 'do not open the browser')
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (targets: string[], options: { port?: number; open: boolean }) => {
      done(await actions.serve(targets, { port: options.port ?? null, open: options.open }));
    });
}

interface RecordOptions {
  output: string;
  interval: number;
  tracemalloc: number;
  sampling: number;
  quiet: boolean;
  snapshotEvery?: number;
  snapshotAtExit: boolean;
  snapshotAtMark?: string;
  collectFirst: boolean;
  previews: boolean;
}

function addRecord(program: Command, actions: Actions, done: Done): void {
  program
    .command('record')
    .description("record a program without a window; ends with the program's own exit status")
    .usage('-o out.heapscope [options] -- python script.py args...')
    .requiredOption('-o, --output <file>', 'project file; if it exists, a session is added to it')
    .addOption(new Option('--interval <ms>', 'time between two samples').argParser(wholeNumber(10, 60_000)).default(100))
    .addOption(
      new Option('--tracemalloc <frames>', 'run tracemalloc with this many frames from the first line on')
        .argParser(wholeNumber(0, 100))
        .default(0),
    )
    .addOption(
      new Option('--sampling <size>', 'sample allocations, one for each so many bytes (512k, 1M), or off')
        .argParser(samplingSize)
        .default(0, 'off'),
    )
    .addOption(new Option('--snapshot-every <seconds>', 'take a heap snapshot at this interval').argParser(wholeNumber(1, 1_000_000)))
    .option('--snapshot-at-exit', 'take a heap snapshot of each process as it ends', false)
    .option('--snapshot-at-mark <name>', "take a heap snapshot at each mark of this name ('*': at any)")
    .option('--collect-first', 'collect garbage before each heap snapshot', false)
    .option('--previews', 'store the beginnings of values in heap snapshots, except of names that sound secret', false)
    .option('-q, --quiet', 'no status line and no summary', false)
    .argument('<command...>', 'the program and its arguments, after --')
    .passThroughOptions()
    .action(async (argv: string[], options: RecordOptions) => {
      const { output, interval, tracemalloc, sampling, quiet, snapshotEvery, snapshotAtExit, snapshotAtMark, collectFirst, previews } =
        options;
      done(
        await actions.record({
          argv,
          output: resolve(output),
          intervalMs: interval,
          tracemallocFrames: tracemalloc,
          sampling,
          snapshots: {
            every: snapshotEvery === undefined ? null : snapshotEvery * 1000,
            atExit: snapshotAtExit,
            atMark: snapshotAtMark ?? null,
          },
          manner: { collectFirst, previews },
          cwd: process.cwd(),
          quiet,
        }),
      );
    });
}

function addInfo(program: Command, actions: Actions, done: Done): void {
  program
    .command('info')
    .description('print the sessions and heap snapshots of a project file')
    .argument('<file>', 'a .heapscope file')
    .option('--json', 'print JSON', false)
    .action(async (file: string, options: { json: boolean }) => done(await actions.info(resolve(file), options)));
}

type AllocationOptions = Omit<AllocationRequest, 'format' | 'session' | 'from' | 'to'> & {
  session?: number;
  from?: number;
  to?: number;
  json: boolean;
  csv: boolean;
};

function addAllocations(program: Command, actions: Actions, done: Done): void {
  program
    .command('allocations')
    .description('print what the lines of a recorded program allocated, from its sampled allocations')
    .argument('<file>', 'a .heapscope file')
    .addOption(
      new Option('--session <number>', 'as info shows it; the last one that has any by default').argParser(wholeNumber(1, 2 ** 50)),
    )
    .addOption(new Option('--from <time>', 'since the start of the session: 90 (seconds), 1m30s').argParser(sessionTime))
    .addOption(new Option('--to <time>', 'like --from').argParser(sessionTime))
    .addOption(
      new Option('--by <what>', 'what the blocks of a row have in common')
        .choices(['line', 'function', 'file', 'module', 'package', 'traceback', 'thread'])
        .default('line'),
    )
    .addOption(
      new Option('--of <measure>', 'still live at the end, allocated, freed, or allocated less freed')
        .choices(['live', 'allocated', 'freed', 'growth'])
        .default('live'),
    )
    .addOption(new Option('--top <number>', 'rows, largest first').argParser(wholeNumber(1, 1_000_000)).default(20))
    .option('--mine', 'my code only: what libraries allocate belongs to the caller in my code', false)
    .addOption(new Option('--json', 'print JSON').default(false).conflicts('csv'))
    .option('--csv', 'print CSV', false)
    .action(async (file: string, { session, from, to, json, csv, ...options }: AllocationOptions) => {
      const format = json ? 'json' : csv ? 'csv' : 'table';
      const range = { from: from ?? null, to: to ?? null };
      done(await actions.allocations(resolve(file), { ...options, ...range, session: session ?? null, format }));
    });
}

function portOption(): Option {
  return new Option('--port <number>', 'port of the browser shell; any free one by default').argParser(wholeNumber(0, 65_535));
}

function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < from || value > to)
      throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
    return value;
  };
}

/** Less would sample nearly each allocation. */
const SMALLEST_SAMPLING = 1024;

/** `512k`, `64KB`, `1M`, `1048576` or `off`, in bytes. */
function samplingSize(text: string): number {
  if (text.toLowerCase() === 'off') return 0;
  const size = /^\d/.test(text) ? quantity(text, 'bytes') : null;
  if (size === null || size < SMALLEST_SAMPLING || size > LARGEST_SAMPLING)
    throw new InvalidArgumentError('It must be off, or a size from 1k to 1G, such as 512k, 64KB or 1M.');
  return Math.round(size);
}

/** `90` seconds, `1m30s`, `250ms`: milliseconds since the start of a session. */
function sessionTime(text: string): number {
  const time = quantity(/^\d+(\.\d+)?$/.test(text) ? `${text}s` : text, 'ms');
  if (time === null || time < 0) throw new InvalidArgumentError('It must be a time such as 90 (seconds), 1m30s or 2h.');
  return time;
}
