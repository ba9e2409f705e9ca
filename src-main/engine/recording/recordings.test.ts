import { readdirSync, readlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LaunchSpec, SnapshotPlan } from '../../../src-preload/contract/index.ts';
import { Emitter } from '../base/emitter.ts';
import { silentLog } from '../base/log.ts';
import type { ProjectFile } from '../project/index.ts';
import { LAUNCH, TestFolder } from '../project/testing.ts';
import { DumpFolder, SnapshotImports } from '../snapshots/index.ts';
import { Recordings } from './recordings.ts';

const PLAN: SnapshotPlan = {
  rules: { every: null, rssAbove: null, rssStep: null, atMark: null, atExit: false, limit: 1 },
  options: { method: 'auto', collectFirst: false, previews: false, redact: [], memoryLimit: null, joinPages: false },
};

let folder: TestFolder;
let file: ProjectFile;
let recordings: Recordings;

beforeEach(async () => {
  folder = new TestFolder();
  file = folder.create();
  const dumps = new DumpFolder(folder.path, silentLog);
  const imports = new SnapshotImports(null as never, silentLog);
  const agentFolder = resolve(import.meta.dirname, '../../../python-agent');
  recordings = await Recordings.create({ agentFolder, home: folder.path, events: new Emitter(), dumps, imports, log: silentLog });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await recordings.dispose(true);
  file.close();
  folder[Symbol.dispose]();
});

/** What of the system's list of processes is held open here: a sampler holds files of each that it follows. */
function followed(): string[] {
  const open = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ''; // the one that the list was read with
    }
  });
  return open.filter((path) => /^\/proc\/\d+\//.test(path));
}

describe('a start that fails when the program runs already', () => {
  it.skipIf(process.platform !== 'linux')('leaves nothing behind: neither session, nor program, nor what watched it', async () => {
    const newSession = file.newSession.bind(file);
    vi.spyOn(file, 'newSession').mockImplementation((o) => {
      const writer = newSession(o);
      writer.addProcess = () => {
        throw new Error('no row for it');
      };
      return writer;
    });
    const kill = vi.spyOn(process, 'kill');
    const spec: LaunchSpec = { ...LAUNCH, mode: 'code', target: 'import time; time.sleep(60)', args: [], cwd: folder.path, env: {} };
    const size = { columns: 80, rows: 24, consoleLimit: 1 << 20 };
    const options = { project: { id: 'p1' } as never, file, ...size, starter: 'pty', snapshots: PLAN } as const;
    await expect(recordings.start(spec, options)).rejects.toThrow('no row for it');
    expect(followed()).toEqual([]);
    expect(kill.mock.calls.map(([, signal]) => signal)).toContain('SIGKILL');
    expect([recordings.states(), file.sessions.list()]).toEqual([[], []]);
  });
});
