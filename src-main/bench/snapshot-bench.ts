/**
 * What a heap snapshot costs, on a real program with a realistic heap (targets/mixed_heap.py), beside the time other tools need for the
 * same heap in the same run, while the program is paused. Budgets: pause by fork at most 10 ms + 50 ms per GB of RSS; at most 1/20 of the
 * fastest peer at 5 million objects; capture at most 0.6 s per million tracked objects; at most 10 bytes stored per object including its
 * references. Then five snapshots in a row, during imports and between them, with their pauses, and the program's speed during an import as a
 * part of its speed just before. `--quick`: 100,000 objects only; numbers: that many objects. The peers need `.cache/peers`, which `npm test`
 * creates.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CaptureMethod, LaunchSpec, ProjectId, SessionId, SnapshotId, SnapshotRow } from '../../src-preload/contract/index.ts';
import { silentLog } from '../engine/base/log.ts';
import { createEngine, type Engine } from '../engine/index.ts';

const PEERS = ['objgraph.typestats', 'objgraph.show_growth', 'guppy3 hp.heap', 'pympler summarize', 'gc.get_referrers'];
const asked = process.argv
  .slice(2)
  .map(Number)
  .filter((size) => size > 0);
const SIZES = process.argv.includes('--quick') ? [100_000] : asked.length > 0 ? asked : [100_000, 1_000_000, 5_000_000];
const THREADS = [0, 8];
/** Peers that need minutes at 5 million objects are measured only up to here. */
const SLOW_PEERS_UP_TO = 1_000_000;
const SLOW = new Set(['guppy3 hp.heap', 'pympler summarize']);
const root = resolve(import.meta.dirname, '../..');
const python = join(root, '.cache', 'peers', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
const rules = { every: null, rssAbove: null, rssStep: null, atMark: null, atExit: false, limit: 50 };

/** One running target; it answers each input line with one line of JSON. */
class Target {
  #text = '';
  #heard: () => void = () => undefined;
  readonly #write: (text: string) => void;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  hear(bytes: Uint8Array): void {
    this.#text += Buffer.from(bytes).toString();
    this.#heard();
  }

  async answer(): Promise<Record<string, number>> {
    for (;;) {
      const match = /^\{.*\}\r?\n/m.exec(this.#text);
      if (match) {
        this.#text = this.#text.slice(match.index + match[0].length);
        return JSON.parse(match[0]) as Record<string, number>;
      }
      await new Promise<void>((heard) => (this.#heard = heard));
    }
  }

  ask(line: string): Promise<Record<string, number>> {
    this.#write(`${line}\r`);
    return this.answer();
  }
}

async function settled(
  engine: Engine,
  project: ProjectId,
  id: SnapshotId,
  states: readonly string[] = ['ready', 'failed'],
): Promise<SnapshotRow> {
  for (;;) {
    const row = engine.projects
      .file(project)
      .snapshots.list(null)
      .find((each) => each.id === id);
    if (row && states.includes(row.state)) return row;
    await sleep(20);
  }
}

async function measure(engine: Engine, size: number, threads: number): Promise<void> {
  const spec: LaunchSpec = {
    mode: 'script',
    interpreter: python,
    target: join(import.meta.dirname, 'targets', 'mixed_heap.py'),
    args: [String(size), String(threads)],
    cwd: tmpdir(),
    env: {},
    intervalMs: 1000,
    tracemallocFrames: 0,
    sampling: 0,
  };
  const { project, recording } = await engine.recording.start({
    spec,
    project: null,
    columns: 200,
    rows: 24,
    confirmed: true,
    starter: 'pty',
  });
  const target = new Target((text) => recording.write(text));
  recording.onConsole.on((part) => target.hear(part.data));
  const { tracked } = await target.answer();
  console.log(`\n${(tracked! / 1e6).toFixed(2)} M tracked objects, ${threads} busy threads`);
  for (const method of ['fork', 'fork', 'in-place', 'python'] as const) {
    if (method === 'python' && size > 1_000_000) continue;
    await sleep(1500);
    await oneSnapshot(engine, project.id, recording.session, method);
  }
  const joined = threads > 0 ? NaN : await watchedSnapshots(engine, project.id, recording.session, target);
  if (threads === 0) await inARow(engine, project.id, recording.session, target);
  let shortest = Infinity;
  for (const peer of threads > 0 ? [] : PEERS) {
    if (SLOW.has(peer) && size > SLOW_PEERS_UP_TO) continue;
    const { seconds = NaN } = await target.ask(`peer ${peer}`);
    shortest = Math.min(shortest, seconds);
    console.log(`  ${peer.padEnd(22)} ${(seconds * 1000).toFixed(0)} ms`);
  }
  if (Number.isFinite(shortest)) {
    console.log(`  the same / pause by fork with joined pages: ${((shortest * 1000) / joined).toFixed(1)}`);
    const pause =
      engine.projects
        .file(project.id)
        .snapshots.list(null)
        .find((row) => row.method === 'fork')?.pause ?? NaN;
    console.log(`  shortest of the peers / pause by fork: ${((shortest * 1000) / pause).toFixed(1)} (budget at 5 M: 20)`);
  }
  recording.stop('kill');
  await recording.ended;
  await engine.projects.close({ project: project.id });
}

/**
 * Snapshots by fork with and without joined pages: the longest wait seen by a thread of the program until each was complete, and the pause
 * of the join.
 */
async function watchedSnapshots(engine: Engine, project: ProjectId, session: SessionId, target: Target): Promise<number> {
  let pause = NaN;
  for (const joinPages of [false, true, true]) {
    await sleep(1500);
    await target.ask('watch');
    const row = await oneSnapshot(engine, project, session, 'fork', joinPages);
    const { seconds = NaN } = await target.ask('watched');
    console.log(`  ${''.padEnd(9)} longest wait of a thread meanwhile: ${(seconds * 1000).toFixed(1)} ms`);
    pause = row.pause ?? NaN;
  }
  return pause;
}

/**
 * Five snapshots, each as soon as the one before was captured and while that one is still being imported, beside five that wait for the
 * import; and how fast the program works meanwhile, each time beside its speed when nothing else runs, measured just before.
 */
async function inARow(engine: Engine, project: ProjectId, session: SessionId, target: Target): Promise<void> {
  for (const waits of [true, false]) {
    const pauses: string[] = [];
    const speeds: string[] = [];
    for (let i = 0; i < 5; i++) {
      const alone = waits ? await target.ask('speed 0.5') : null;
      const taken = await takeFork(engine, project, session);
      const row = await settled(engine, project, taken, waits ? ['ready', 'failed'] : ['importing', 'ready', 'failed']);
      pauses.push((row.pause ?? NaN).toFixed(1));
      if (alone === null) continue;
      const again = await takeFork(engine, project, session);
      await settled(engine, project, again, ['importing', 'ready', 'failed']);
      const { steps = NaN } = await target.ask('speed 0.5');
      const { state } = await settled(engine, project, again, ['importing', 'ready', 'failed']);
      speeds.push(`${((100 * steps) / alone['steps']!).toFixed(0)} %${state === 'importing' ? '' : ' (over)'}`);
      await settled(engine, project, again, ['ready', 'failed']);
    }
    console.log(
      `  five by fork, ${waits ? 'each after the import of the last' : 'in a row, during imports'}: pauses ${pauses.join(', ')} ms`,
    );
    if (waits) console.log(`  speed of the program during an import, of that before: ${speeds.join(', ')}`);
  }
}

const FORK = { method: 'fork', collectFirst: false, previews: false, memoryLimit: null, joinPages: false } as const;

async function takeFork(engine: Engine, project: ProjectId, session: SessionId): Promise<SnapshotId> {
  const options = { ...FORK, redact: [] };
  const [taken] = await engine.snapshots.take({ project, session, processes: null, name: 'row', options });
  return taken!.id;
}

async function oneSnapshot(
  engine: Engine,
  project: ProjectId,
  session: SessionId,
  method: CaptureMethod,
  joinPages = false,
): Promise<SnapshotRow> {
  const options = { method, collectFirst: false, previews: false, redact: [], memoryLimit: null, joinPages };
  engine.snapshots.setPlan({ project, session, rules, options });
  const [taken] = await engine.snapshots.take({ project, session, processes: null, name: method, options });
  const row = await settled(engine, project, taken!.id);
  if (row.state === 'failed') {
    console.log(`  ${method}: ${JSON.stringify(row.error)}`);
    return row;
  }
  const gigabytes = (row.rss ?? 0) / 1e9;
  const objects = row.objects ?? NaN;
  console.log(
    `  ${(joinPages ? 'joined' : method).padEnd(9)} pause ${row.pause?.toFixed(1)} ms` +
      (method === 'fork' ? ` (budget ${(10 + 50 * gigabytes).toFixed(0)} at ${gigabytes.toFixed(2)} GB)` : '') +
      `, captured in ${((row.captureTime ?? NaN) / 1000).toFixed(2)} s (${(((row.captureTime ?? NaN) * 1000) / (row.tracked ?? NaN)).toFixed(2)} s per M tracked, budget 0.6)` +
      `, ${(objects / 1e6).toFixed(2)} M objects, ${((row.references ?? NaN) / 1e6).toFixed(2)} M references` +
      `, imported in ${((row.importTime ?? NaN) / 1000).toFixed(2)} s` +
      `, dump ${((row.dumpBytes ?? NaN) / 1e6).toFixed(0)} MB, stored ${((row.storedBytes ?? NaN) / objects).toFixed(1)} B per object (budget 10)`,
  );
  return row;
}

const folder = mkdtempSync(join(tmpdir(), 'heapscope-bench-'));
const engine = await createEngine({
  dataFolder: folder,
  agentFolder: join(root, 'python-agent'),
  samplesFolder: join(root, 'resources/samples'),
  log: silentLog,
});
for (const size of SIZES) for (const threads of THREADS) await measure(engine, size, threads);
await engine.dispose();
rmSync(folder, { recursive: true, force: true });
