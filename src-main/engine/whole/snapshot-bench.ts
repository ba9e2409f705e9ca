import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type {
  AnyEvent,
  EventRow,
  LaunchSpec,
  ProcessId,
  ProjectId,
  SessionRef,
  SnapshotId,
  SnapshotOptions,
  SnapshotRow,
  SnapshotRules,
} from '../../../src-preload/contract/index.ts';
import { HeapscopeError, silentLog } from '../faces/base.ts';
import type { StartedRecording } from '../faces/recording.ts';
import { DEFAULT_PLAN } from '../faces/snapshots.ts';
import { createEngine, type Engine } from '../index.ts';

/** Builders for tests of snapshots on real programs, through the real agent. */

const root = resolve(import.meta.dirname, '../../..');

/** A program that holds this many objects of its own class, and continues with `then`. */
export function holding(users: number, then = 'time.sleep(60)'): string {
  return `
import sys, time
class User:
    def __init__(self, n): self.name, self.next = f"user {n}", None
users = [User(n) for n in range(${users})]
print("ready", flush=True)
${then}`;
}

export type Started = StartedRecording;

export class SnapshotBench {
  folder = '';
  engine!: Engine;
  events: AnyEvent[] = [];

  /** A fresh engine in a fresh folder for each test of the file. */
  static forEach(): SnapshotBench {
    const bench = new SnapshotBench();
    beforeEach(async () => {
      bench.folder = mkdtempSync(join(tmpdir(), 'heapscope-snapshots-'));
      await bench.start();
    });
    afterEach(async () => {
      await bench.engine.dispose();
      rmSync(bench.folder, { recursive: true, force: true });
    });
    return bench;
  }

  /** Starts the app, or restarts it; `importMemory` simulates a machine with little memory. */
  async start(o: { importMemory?: number } = {}): Promise<void> {
    const agentFolder = join(root, 'python-agent');
    const samplesFolder = join(root, 'resources/samples');
    this.engine = await createEngine({ dataFolder: this.folder, agentFolder, samplesFolder, log: silentLog, ...o });
    this.events = [];
    this.engine.events.on((event) => this.events.push(event));
  }

  spec(target: string, change: Partial<LaunchSpec> = {}): LaunchSpec {
    const base = { interpreter: '', args: [], cwd: this.folder, env: {}, intervalMs: 50, tracemallocFrames: 0, sampling: 0 };
    return { mode: 'code', target, ...base, ...change };
  }

  record(code: string, o: { rules?: Partial<SnapshotRules>; project?: ProjectId; spec?: Partial<LaunchSpec> } = {}): Promise<Started> {
    const snapshots = { ...DEFAULT_PLAN, rules: { ...DEFAULT_PLAN.rules, ...o.rules } };
    return this.engine.recording.start({
      spec: this.spec(code, o.spec),
      project: o.project ?? null,
      columns: 80,
      rows: 24,
      confirmed: true,
      starter: 'pty',
      snapshots,
    });
  }

  /** Like `record`, once the program reports that it is ready and its agent has joined. */
  async ready(code: string, o: Parameters<SnapshotBench['record']>[1] = {}): Promise<Started> {
    const started = await this.record(code, o);
    await until(
      () => this.console(started).includes('ready') && started.recording.state().agents.some(({ state }) => state === 'connected'),
    );
    return started;
  }

  ref({ project, recording }: Started): SessionRef {
    return { project: project.id, session: recording.session };
  }

  console({ project, recording }: Started): string {
    const parts = this.engine.projects.file(project.id).console.read(recording.session, 0, 1 << 20);
    return Buffer.concat(parts.map((part) => part.data)).toString();
  }

  rows({ project, recording }: Started): SnapshotRow[] {
    return this.engine.projects.file(project.id).snapshots.list(recording.session);
  }

  eventsOf({ project, recording }: Started, kind: string): EventRow[] {
    const { events } = this.engine.projects.file(project.id).events.list(recording.session, 0, 1e12, 1000);
    return events.filter((event) => event.kind === kind);
  }

  users({ project }: Started, { id }: SnapshotRow): number | undefined {
    return this.engine.projects
      .file(project.id)
      .snapshots.types(id)
      .find(({ name }) => name === 'User')?.count;
  }

  take(started: Started, o: Partial<SnapshotOptions> & { name?: string; processes?: ProcessId[] | null } = {}): Promise<SnapshotRow[]> {
    const { name = 'one', processes = null, ...options } = o;
    const asked = { processes, name, options: { ...DEFAULT_PLAN.options, ...options } };
    return this.engine.snapshots.take({ ...this.ref(started), ...asked });
  }

  async takeWhenFree(started: Started, name: string): Promise<SnapshotRow[]> {
    for (;;) {
      try {
        return await this.take(started, { name });
      } catch (thrown) {
        if (!(thrown instanceof HeapscopeError) || thrown.code !== 'snapshot.busy') throw thrown;
        await new Promise((done) => setTimeout(done, 20));
      }
    }
  }

  /** The row once it is ready or has failed. */
  settled(started: Started, id: SnapshotId): Promise<SnapshotRow> {
    return until(() => this.rows(started).find((row) => row.id === id && (row.state === 'ready' || row.state === 'failed')));
  }

  dumps(): string[] {
    const names = readdirSync(join(this.folder, 'dumps'), { recursive: true }).map(String);
    return names.filter((name) => name.endsWith('.heapdump'));
  }

  async end({ recording }: Started): Promise<void> {
    recording.stop('kill');
    await recording.ended;
  }
}

export async function until<T>(probe: () => T | null | undefined | false): Promise<T> {
  for (;;) {
    const found = probe();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 10));
  }
}
