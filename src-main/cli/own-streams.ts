import type { EventEmitter } from 'node:events';
import type { Disposable } from '../engine/faces/base.ts';
import { FAILED, READER_GONE } from './exit-status.ts';

/** The streams of this process. */
export interface OwnStreams {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
}

type MaybeTerminal = EventEmitter & { isTTY?: boolean };

/**
 * The terminal is closed: the kernel reports it by SIGHUP, and by EIO from any of our streams that is a terminal. EIO often comes sooner,
 * and is all there is where the signal goes to a parent shell.
 */
export function onHangUp({ stdin, stdout, stderr }: Record<keyof OwnStreams, MaybeTerminal>, act: () => void): Disposable {
  const onError = (error: NodeJS.ErrnoException): void => void (error.code === 'EIO' && act());
  const terminals = [stdin, stdout, stderr].filter((stream) => stream.isTTY);
  for (const stream of terminals) stream.on('error', onError);
  process.on('SIGHUP', act);
  return {
    dispose: () => {
      process.off('SIGHUP', act);
      for (const stream of terminals) stream.off('error', onError);
    },
  };
}

/** Prints a command's result; settles with its exit status once the output is written or can never be. */
export function print(text: string, { stdout, stderr }: Record<'stdout' | 'stderr', NodeJS.WritableStream>): Promise<number> {
  return new Promise((resolve) => {
    stdout.write(text, (error?: NodeJS.ErrnoException | null) => {
      if (!error) return resolve(0);
      if (error.code === 'EPIPE') return resolve(READER_GONE);
      stderr.write(`heapscope: standard output cannot be written: ${error.message}\n`);
      resolve(FAILED);
    });
  });
}
