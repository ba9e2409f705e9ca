import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { FrameReader, type Frame } from './output-frames.ts';
import type { KeeperPlan } from './terminal-keeper.ts';

/** The keeper is a small Python; on an extremely busy machine the recording starts without it. */
const READY_WITHIN = 10_000;
const HEAD = 6;

/** Where the program's output is forwarded to: descriptors of ours. */
export interface OutputPlaces {
  stdout: number;
  stderr: number;
}

/**
 * A process that forwards a program's output to the user and to us, and outlives us (`output_keeper.py`). The program's ends of its pipes
 * are real pipes, and a single pipe where the user's output and errors are one file: the order is kept, and `/dev/stdout` can be opened.
 */
export class OutputKeeper implements Disposable {
  readonly onFrame = new Emitter<Frame>();
  /** It sends no more. */
  readonly onEnd = new Emitter<void>();
  readonly #link: Duplex;
  readonly #ends: number[];

  constructor(link: Duplex, ends: number[]) {
    this.#link = link;
    this.#ends = ends;
  }

  /** The program's standard output and error; must be closed once the program has them. */
  get writers(): { stdout: number; stderr: number } {
    const [stdout = -1, stderr = stdout] = this.#ends;
    return { stdout, stderr };
  }

  closeWriters(): void {
    for (const end of this.#ends.splice(0)) closeSync(end);
  }

  /** false: it has ended. */
  showStatus(text: string): boolean {
    return this.#send('S', text);
  }

  programEnded(): void {
    this.#send('Q', '');
  }

  /** From now on further output goes to the user alone. */
  dispose(): void {
    this.closeWriters();
    this.#link.destroy();
  }

  begin(reader: FrameReader): void {
    reader.onFrame = (frame) => (frame.kind === 'X' ? void this.#link.end() : this.onFrame.emit(frame));
    this.#link.once('close', () => this.onEnd.emit());
    this.#send('G', '');
  }

  #send(kind: string, text: string): boolean {
    const isThere = !this.#link.destroyed && this.#link.writable;
    if (isThere) this.#link.write(frameOf(kind, text));
    return isThere;
  }
}

function frameOf(kind: string, text: string): Buffer {
  const body = Buffer.from(text, 'utf8');
  const head = Buffer.alloc(HEAD);
  head.write(kind, 0, 'latin1');
  head.writeUInt32LE(body.length, 2);
  return Buffer.concat([head, body]);
}

/** null: none can run here, and the program's output has to pass through us. Linux only: the ends are opened through /proc. */
export async function keepOutput(plan: KeeperPlan, places: OutputPlaces): Promise<OutputKeeper | null> {
  if (process.platform !== 'linux') return null;
  const keeper = spawnKeeper(plan, places);
  const link = keeper?.stdio[3];
  if (!keeper || !link || !('write' in link)) return null;
  const reader = new FrameReader();
  link.on('data', (piece: Buffer) => reader.push(piece));
  link.on('error', () => undefined);
  const numbers = await readiness(keeper, link as Duplex, reader);
  const ends = numbers === null ? null : openEnds(keeper.pid ?? -1, numbers);
  if (ends === null) {
    link.destroy();
    return null;
  }
  const kept = new OutputKeeper(link as Duplex, ends);
  kept.begin(reader);
  return kept;
}

function spawnKeeper({ python, folder }: KeeperPlan, { stdout, stderr }: OutputPlaces): ChildProcess | null {
  const pipes = isOneFile(stdout, stderr) ? '1' : '2';
  const stdio: StdioOptions = ['ignore', stdout, stderr, 'pipe'];
  try {
    const args = ['-I', '-S', join(folder, 'output_keeper.py'), pipes];
    const keeper = spawn(python, args, { stdio, detached: true, cwd: '/', env: {} });
    keeper.on('error', () => undefined);
    keeper.unref();
    return keeper.pid === undefined ? null : keeper;
  } catch {
    return null;
  }
}

/** As after `> file 2>&1`: one pipe keeps the order of both streams. */
function isOneFile(a: number, b: number): boolean {
  const [first, second] = [fstatSync(a), fstatSync(b)];
  return first.dev === second.dev && first.ino === second.ino;
}

/** The descriptors of its write ends; null: it did not start. */
function readiness(keeper: ChildProcess, link: Duplex, reader: FrameReader): Promise<number[] | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), READY_WITHIN);
    const settle = (numbers: number[] | null): void => {
      clearTimeout(timer);
      resolve(numbers);
    };
    keeper.once('error', () => settle(null));
    link.once('close', () => settle(null));
    reader.onFrame = ({ kind, data }) => {
      if (kind === 'R') settle(data.toString('latin1').split(' ').map(Number));
    };
  });
}

/** Each gets its own file description, without the keeper's settings. */
function openEnds(pid: number, numbers: readonly number[]): number[] | null {
  const ends: number[] = [];
  try {
    for (const number of numbers) ends.push(openSync(`/proc/${pid}/fd/${number}`, constants.O_WRONLY));
    return ends;
  } catch {
    for (const end of ends) closeSync(end);
    return null;
  }
}
