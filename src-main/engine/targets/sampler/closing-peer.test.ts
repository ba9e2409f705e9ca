import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { writeProcess } from '../testing/fake-proc.ts';
import { tempFolder } from '../testing/programs.ts';
import { watch } from '../testing/watch.ts';
import type * as peers from './peer.ts';

/** Runs an action while the descriptors of a process are scanned; returns whether the connection is found among them. */
let whileLooking: () => boolean;

vi.mock('./peer.ts', async (original) => ({ ...(await original<typeof peers>()), holdsSocket: () => whileLooking() }));

const PEER = { port: 0x1234, enginePort: 0x2345, pid: 101 };
const OPEN = '0: 0100007F:1234 0100007F:2345 01 00000000:00000000 00:00000000 00000000 0 0 777 1\n';
let proc: string;

beforeEach(() => {
  proc = tempFolder();
  mkdirSync(path.join(proc, 'net'));
  writeFileSync(path.join(proc, 'net', 'tcp'), OPEN);
  const files = (pid: number): Record<string, string> => ({ status: `NSpid:\t${pid}\n` });
  writeProcess(proc, 100, { children: [101], files: files(100) });
  writeProcess(proc, 101, { ppid: 100, children: [], files: files(101) });
  writeProcess(proc, 102, { ppid: 1, files: files(102) });
});

function closing(): boolean {
  writeFileSync(path.join(proc, 'net', 'tcp'), '');
  return false;
}

describe('who connected and closes while we look', () => {
  test('is the process of the tree that it calls itself, as where it closed before', async () => {
    const { sampler, until } = watch(100, { proc });
    await until((sample) => sample.processes.length === 2);
    whileLooking = closing;
    expect(sampler.identify(PEER)).toMatchObject({ kind: 'descendant', pid: 101, holds: false });
  });

  test('is a child that no tick has come by yet', () => {
    const { sampler } = watch(100, { proc, intervalMs: 60_000 });
    whileLooking = closing;
    expect(sampler.identify(PEER)).toMatchObject({ kind: 'descendant', pid: 101, ppid: 100, holds: false });
  });

  test('is nobody where it says it was one outside the tree', () => {
    const { sampler } = watch(100, { proc, intervalMs: 60_000 });
    whileLooking = closing;
    expect(sampler.identify({ ...PEER, pid: 102 })).toEqual({ kind: 'gone' });
  });

  test('is looked for again where its descriptor got another number meanwhile, and is unknown if it is never found', () => {
    const { sampler } = watch(100, { proc, intervalMs: 60_000 });
    let looks = 0;
    whileLooking = () => ++looks > 2;
    expect(sampler.identify(PEER)).toMatchObject({ kind: 'descendant', pid: 101, holds: true });
    whileLooking = () => false;
    expect(sampler.identify(PEER)).toEqual({ kind: 'unknown' });
  });
});
