import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { HeapscopeError } from '../base/errors.ts';
import type { ProjectFile } from './project-file.ts';
import { newSession, recordSeries, TestFolder, valueAt } from './testing.ts';

const PAGE = 4096;
const SESSIONS = 4;
const SERIES = 3;
const SAMPLES = 9000;

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A project with sessions that differ in every sample. */
function healthy(): Buffer {
  using folder = new TestFolder();
  const project = folder.create();
  for (let s = 0; s < SESSIONS; s++) {
    const writer = project.newSession(newSession({ name: `session ${s}` }));
    const root = writer.addProcess({ pid: 100 + s, parent: null, command: 'python', python: null, start: 0, agent: 'none' });
    const ids = Array.from({ length: SERIES }, (_, k) => writer.addSeries(root.id, `metric_${k}`));
    for (let i = 0; i < SAMPLES; i++) ids.forEach((id, k) => writer.append(id, i * 100, valueAt(s * SERIES + k, i)));
    for (let i = 0; i < 300; i++) writer.addEvent(root.id, i * 1000, 'mark', { name: `mark ${i}`, source: 'program' });
    for (let i = 0; i < 200; i++) writer.appendConsole(i * 1000, Buffer.from(`session ${s} says line ${i}, ${Math.sin(i)}\n`));
    writer.finish({ state: 'ended', exit: null, duration: SAMPLES * 100 });
  }
  project.close();
  return readFileSync(folder.file('a.heapscope'));
}

const whole = healthy();

/** Every returned sample must be correct: one that was recorded. Returns how many there are. */
function countRightSamples(project: ProjectFile): number {
  let count = 0;
  for (const session of project.sessions.list()) {
    project.sessions.processes(session.id);
    project.events.list(session.id, 0, Infinity, 1000);
    project.console.read(session.id, 0, 1e6);
    project.console.search(session.id, 'says line 7', true, 10);
    for (const { id, metric } of project.series.list(session.id)) {
      project.series.stats([id], 0, 1e9);
      const k = (id - 1) % SERIES;
      const s = Math.floor((id - 1) / SERIES);
      for (let from = 0; from < SAMPLES * 100; from += 400_000) {
        const [part] = project.series.window({ series: [id], from, to: from + 399_999, buckets: 8192 });
        expect(part!.raw).toBe(true);
        part!.t.forEach((t, i) => {
          const value = part!.lo[i]!;
          if (Number.isNaN(value) || t < from || t > from + 399_999) return;
          count++;
          if (value !== valueAt(s * SERIES + k, t / 100)) expect.fail(`series ${id} (${metric}) at ${t}: ${value}`);
        });
      }
    }
  }
  return count;
}

function openDamaged(folder: TestFolder, bytes: Uint8Array): { samples: number; damaged: boolean; code: string | null } {
  writeFileSync(folder.file('a.heapscope'), bytes);
  let project: ProjectFile;
  try {
    project = folder.open();
  } catch (thrown) {
    if (!(thrown instanceof HeapscopeError)) throw thrown;
    return { samples: 0, damaged: true, code: thrown.code };
  }
  const samples = countRightSamples(project);
  const { damage, path } = project.facts();
  if (path !== folder.file('a.heapscope')) {
    expect(damage).toMatchObject({ path: folder.file('a.heapscope') });
    expect(project.facts()).toMatchObject({ untitled: true, access: 'write' });
    expect(Buffer.compare(readFileSync(folder.file('a.heapscope')), bytes)).toBe(0);
  }
  project.close();
  return { samples, damaged: damage !== null, code: null };
}

describe('a whole file', () => {
  it('has all of its samples', () => {
    using folder = new TestFolder();
    expect(openDamaged(folder, whole)).toEqual({ samples: SESSIONS * SERIES * SAMPLES, damaged: false, code: null });
  });
});

describe('a file of a newer version', () => {
  it('is refused and not touched', () => {
    using folder = new TestFolder();
    const newer = Buffer.from(whole);
    newer.writeUInt32BE(99, 60);
    expect(openDamaged(folder, newer).code).toBe('project.newer');
    expect(readFileSync(folder.file('a.heapscope')).equals(newer)).toBe(true);
    expect(readdirSync(folder.path)).toEqual(['a.heapscope']);
  });
});

describe('a file that was cut short', () => {
  it.each([1, 15, 16, 50, 99, 100, 512, PAGE - 1, PAGE])('at byte %d is refused', (length) => {
    using folder = new TestFolder();
    expect(openDamaged(folder, whole.subarray(0, length)).code).toMatch(length < 16 ? 'project.not-a-project' : 'project.damaged');
    expect(readdirSync(folder.path).filter((name) => name !== 'a.heapscope' && name !== 'recovered')).toEqual([]);
  });

  it('anywhere gives what is left, and says that it is damaged', () => {
    using folder = new TestFolder();
    const random = randomNumbers(11);
    let most = 0;
    for (let round = 0; round < 25; round++) {
      const length = Math.floor(PAGE + random() * (whole.length - PAGE - 1));
      const { samples, damaged } = openDamaged(folder, whole.subarray(0, length));
      expect(damaged).toBe(true);
      most = Math.max(most, samples);
    }
    expect(most).toBeGreaterThan(SERIES * SAMPLES);
  });
});

describe('a file that is damaged in the middle', () => {
  it.each(['flipped bytes', 'zeroed pages', 'noise', 'swapped pages'])('by %s never breaks the app and never lies', (how) => {
    using folder = new TestFolder();
    const random = randomNumbers(how.length);
    const pages = Math.floor(whole.length / PAGE);
    let kept = 0;
    for (let round = 0; round < 15; round++) {
      const bytes = Buffer.from(whole);
      for (let hits = 1 + Math.floor(random() * 3); hits > 0; hits--) damage(bytes, how, 1 + Math.floor(random() * (pages - 1)), random);
      const { samples } = openDamaged(folder, bytes);
      if (samples >= SERIES * SAMPLES) kept++;
    }
    expect(kept).toBeGreaterThan(7);
  });

  it('loses one stretch where one chunk is wrong, counts it, and shows the rest', () => {
    using folder = new TestFolder();
    writeFileSync(folder.file('a.heapscope'), whole);
    const db = new DatabaseSync(folder.file('a.heapscope'));
    db.exec('UPDATE chunk SET data = zeroblob(length(data)) WHERE id = (SELECT id FROM chunk_index WHERE series = 2 AND first = 4096)');
    db.close();
    const project = folder.open();
    expect(countRightSamples(project)).toBe(SESSIONS * SERIES * SAMPLES - 4096);
    const [part] = project.series.window({ series: [2], from: 409_000, to: 410_000, buckets: 1000 });
    expect(part!.lo.some(Number.isNaN)).toBe(true);
    expect(project.facts()).toMatchObject({ access: 'write', damage: { lostSamples: 1, sessionsRead: SESSIONS, lost: [] } });
    project.close();
  });

  it('keeps samples whose session row is lost', () => {
    using folder = new TestFolder();
    writeFileSync(folder.file('a.heapscope'), whole);
    const db = new DatabaseSync(folder.file('a.heapscope'));
    db.exec('DELETE FROM session WHERE id = 2');
    const root = Number(db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'event_of_session'").get()!['rootpage']);
    db.close();
    const bytes = readFileSync(folder.file('a.heapscope'));
    bytes.fill(0xff, (root - 1) * PAGE, root * PAGE);
    expect(openDamaged(folder, bytes).samples).toBe(SESSIONS * SERIES * SAMPLES);
    const project = folder.open();
    expect(project.sessions.list()).toMatchObject([{ name: '#2', state: 'interrupted', duration: (SAMPLES - 1) * 100 }, {}, {}, {}]);
    project.close();
  });

  it('says so when there is no place for what was saved', () => {
    using folder = new TestFolder();
    const bytes = Buffer.from(whole);
    bytes.fill(0, 5 * PAGE, 12 * PAGE);
    writeFileSync(folder.file('recovered'), 'a file is in the way');
    expect(openDamaged(folder, bytes).code).toBe('file.forbidden');
  });

  it('is told from a file with a schema that is not ours', () => {
    using folder = new TestFolder();
    mkdirSync(folder.file('x'));
    const project = folder.create('x/a.heapscope');
    recordSeries(project.newSession(newSession()), 1, 20);
    project.close();
    const db = new DatabaseSync(folder.file('x/a.heapscope'));
    db.exec('CREATE TRIGGER evil AFTER UPDATE ON session BEGIN DELETE FROM chunk; END; CREATE VIEW v AS SELECT 1');
    db.close();
    const again = folder.open('x/a.heapscope');
    expect(again.facts()).toMatchObject({ untitled: true, damage: { detail: 'schema', sessionsRead: 1 } });
    expect(again.sessions.list()).toMatchObject([{ samples: 20 }]);
    again.close();
  });
});

function damage(bytes: Buffer, how: string, page: number, random: () => number): void {
  const at = page * PAGE;
  if (how === 'zeroed pages') bytes.fill(0, at, at + PAGE);
  else if (how === 'noise') for (let i = 0; i < 200; i++) bytes[at + Math.floor(random() * PAGE)] = Math.floor(random() * 256);
  else if (how === 'flipped bytes') bytes[at + Math.floor(random() * PAGE)]! ^= 1 << Math.floor(random() * 8);
  else {
    const other = (1 + Math.floor(random() * (bytes.length / PAGE - 1))) * PAGE;
    const kept = Buffer.from(bytes.subarray(at, at + PAGE));
    bytes.copy(bytes, at, other, other + PAGE);
    kept.copy(bytes, other);
  }
}
