import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LaunchSpec } from '../../src-preload/contract/index.ts';
import { silentLog } from '../engine/faces/base.ts';
import { createEngine, type Engine } from '../engine/index.ts';
import { Recents } from '../engine/workspace/recents.ts';
import { createRouter } from './index.ts';

let folder: string;
let foreign: string;
let engine: Engine;
let started: string;

/** A folder from another user, with an environment whose Python leaves a trace when it runs. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heapscope-rpc-'));
  foreign = join(folder, 'foreign');
  started = join(folder, 'started');
  mkdirSync(join(foreign, '.venv', 'bin'), { recursive: true });
  writeFileSync(join(foreign, '.venv', 'pyvenv.cfg'), '');
  const python = join(foreign, '.venv', 'bin', 'python');
  writeFileSync(python, `#!/bin/sh\ntouch '${started}'\nexit 1\n`);
  chmodSync(python, 0o755);
  engine = await createEngine({ dataFolder: join(folder, 'data'), agentFolder: folder, samplesFolder: folder, log: silentLog });
});

afterEach(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true, force: true });
});

async function list(confirmed: boolean): Promise<unknown> {
  const router = createRouter(engine, { info: () => expect.fail('not asked'), log: silentLog });
  const context = { signal: AbortSignal.timeout(60_000), onProgress: () => undefined, shell: 'browser' as const };
  return await router.call('interpreters.list', { cwd: foreign, refresh: false, confirmed }, context);
}

const spec = (cwd: string): LaunchSpec => ({
  mode: 'code',
  interpreter: '',
  target: '1',
  args: [],
  cwd,
  env: {},
  intervalMs: 100,
  tracemallocFrames: 0,
  sampling: 0,
});

describe.skipIf(process.platform === 'win32')("a folder's own Python", () => {
  it('is not asked who it is where nobody named the folder and nothing was started in it', async () => {
    expect(await list(false)).toMatchObject({ ok: true });
    expect(existsSync(started)).toBe(false);
  });

  it('is asked where the user named the folder, or started something in it before', async () => {
    await list(true);
    expect(existsSync(started)).toBe(true);
    rmSync(started);
    new Recents(join(folder, 'data'), silentLog).launched(spec(foreign));
    await engine.dispose();
    engine = await createEngine({ dataFolder: join(folder, 'data'), agentFolder: folder, samplesFolder: folder, log: silentLog });
    await list(false);
    expect(existsSync(started)).toBe(true);
  });
});
