import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { silentLog } from '../../engine/base/log.ts';
import { ProjectFile } from '../../engine/project/index.ts';
import { rowChecksum } from '../../engine/project/chunk-codec.ts';
import { exercise } from '../../engine/project/testing-exercise.ts';
import { addReadySnapshot, newSession, recordSeries, TestFolder } from '../../engine/project/testing.ts';
import { damaged, damages, type Damage } from '../bytes.ts';
import { Found, guarded } from '../guard.ts';
import type { Subject } from '../subject.ts';

/** A cell, by fractions of what exists, and the SQL of its new value. */
interface Cell {
  column: number;
  row: number;
  value: string;
}

interface ProjectRecipe {
  cells: Cell[];
  /** In a chunk's samples, its summary, or a piece of a snapshot; resealed. */
  blobs: { which: 'samples' | 'summary' | 'fragment' | 'piece'; row: number; damage: Damage[] }[];
  /** In the file itself. */
  pages: Damage[];
  /** A file of the previous version; without it, of the newest. */
  old?: boolean;
}

const VALUES = [
  ...['0', '-1', '1', '2', '9007199254740991', '9007199254740993', '9223372036854775807', '-9223372036854775808', '1099511627777', '1e14'],
  ...['9e999', '-9e999', '1e308', '0.5', 'NULL', "''", "x''", 'zeroblob(100000)', 'randomblob(64)', "x'ff00'"],
  ...[
    "'running'",
    "'ready'",
    "'importing'",
    "'capturing'",
    "'{}'",
    "'[]'",
    "'null'",
    "printf('%.*c', 100000, '[')",
    'char(0, 8238)',
    "CAST(x'80' AS TEXT)",
  ],
];

const OLD = join(import.meta.dirname, '../../engine/project/fixtures/v2.heapscope.fixture');

export const projects: Subject<ProjectRecipe> = {
  name: 'projects',
  few: 40,
  recipes: fc
    .record({
      cells: fc.array(fc.record({ column: share(), row: share(), value: fc.constantFrom(...VALUES) }), { maxLength: 6 }),
      blobs: fc.array(
        fc.record({
          which: fc.constantFrom('samples' as const, 'summary' as const, 'fragment' as const, 'piece' as const),
          row: share(),
          damage: damages(3),
        }),
        { maxLength: 2 },
      ),
      pages: fc.oneof(fc.constant<Damage[]>([]), fc.constant<Damage[]>([]), damages(4)),
      old: fc.boolean(),
    })
    .filter(({ cells, blobs, pages }) => cells.length + blobs.length + pages.length > 0),
  run: async (recipe) => {
    const folder = mkdtempSync(join(tmpdir(), 'heapscope-fuzz-'));
    try {
      const path = join(folder, 'a.heapscope');
      writeFileSync(path, recipe.old === true ? readFileSync(OLD) : await wholeProject());
      alter(path, recipe);
      await guarded(() => openAndUse(path, join(folder, 'recovered')));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function openAndUse(path: string, untitledIn: string): Promise<void> {
  await guarded(() => use(ProjectFile.openToRead(path, { log: silentLog })));
  await use(ProjectFile.open(path, { log: silentLog, untitledIn }));
}

async function use(project: ProjectFile): Promise<void> {
  try {
    const codes = await exercise(project);
    if (codes.includes('internal')) throw new Found('internal');
  } finally {
    project.close();
  }
}

function share(): fc.Arbitrary<number> {
  return fc.double({ min: 0, max: 0.999_999, noNaN: true });
}

let made: Promise<Buffer> | null = null;

/** Two sessions with a row in every table. */
function wholeProject(): Promise<Buffer> {
  made ??= makeProject();
  return made;
}

async function makeProject(): Promise<Buffer> {
  using folder = new TestFolder();
  const project = folder.create();
  for (const name of ['one', 'two']) {
    const writer = project.newSession(newSession({ name }));
    const root = writer.addProcess({ pid: 10, parent: null, command: 'python', python: '3.13', start: 0, agent: 'connected' });
    recordSeries(writer, 2, 4200);
    for (let i = 0; i < 20; i++) writer.addEvent(root.id, i * 100, 'mark', { name, source: 'program' });
    for (let i = 0; i < 20; i++) writer.appendConsole(i * 1000, Buffer.from(`line ${i} of ${name}\n`.repeat(50)));
    writer.finish({ state: 'ended', exit: { code: 0, signal: null, outOfMemory: false }, duration: 420_000 });
    const snapshot = await addReadySnapshot(project, writer.id, root.id);
    project.snapshots.setPlan(writer.id, {
      rules: { every: null, rssAbove: null, rssStep: null, atMark: null, atExit: true, limit: 3 },
      options: { method: 'auto', collectFirst: false, previews: false, redact: [], memoryLimit: null, joinPages: false },
    });
    project.bookmarks.set({ snapshot: snapshot.id, node: 3, note: 'look', label: 'User' });
    project.comparisons.save({ id: 0, name, runs: [], baseline: 0, align: { at: 'start' }, layout: 'overlay', metric: 'rss' });
  }
  project.close();
  return readFileSync(folder.file('a.heapscope'));
}

function alter(path: string, { cells, blobs, pages, old }: ProjectRecipe): void {
  const db = new DatabaseSync(path);
  try {
    for (const cell of cells) setCell(db, cell);
    for (const blob of blobs) resealBlob(db, blob, old === true ? 'snapshot_chunk' : 'piece');
  } finally {
    db.close();
  }
  if (pages.length > 0) writeFileSync(path, damaged(readFileSync(path), pages));
}

function setCell(db: DatabaseSync, { column, row, value }: Cell): void {
  const sql =
    "SELECT m.name AS tab, c.name AS col FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid";
  const all = db.prepare(sql).all();
  const { tab, col } = all[Math.floor(column * all.length)]! as { tab: string; col: string };
  try {
    const count = Number(db.prepare(`SELECT count(*) AS n FROM ${tab}`).get()!['n']);
    const rowid = db.prepare(`SELECT rowid AS r FROM ${tab} LIMIT 1 OFFSET ${Math.floor(row * count)}`);
    rowid.setReadBigInts(true);
    const found = rowid.get()?.['r'];
    if (found !== undefined) db.exec(`UPDATE ${tab} SET ${col} = ${value} WHERE rowid = ${String(found)}`);
  } catch {
    // The table rejects it: a wrong type, or a duplicate key.
  }
}

/** The blob and its checksum, as an attacker would write both. */
function resealBlob(db: DatabaseSync, { which, row, damage }: ProjectRecipe['blobs'][number], pieces: string): void {
  const [table, column] = {
    samples: ['chunk', 'data'],
    summary: ['chunk_index', 'summary'],
    fragment: ['fragment', 'data'],
    piece: [pieces, 'data'],
  }[which] as [string, string];
  const ids = db.prepare(`SELECT * FROM ${table}`);
  ids.setReadBigInts(true);
  const rows = ids.all();
  const cells = rows[Math.floor(row * rows.length)];
  const bytes = cells?.[column];
  if (cells === undefined || !(bytes instanceof Uint8Array)) return;
  const data = damaged(bytes, damage);
  const n = (name: string): number => Number(cells[name]);
  const id = cells['id']!;
  db.prepare(`UPDATE ${table} SET ${column} = ? WHERE id = ?`).run(data, id);
  if (which === 'samples') {
    db.prepare('UPDATE chunk_index SET data_crc = ? WHERE id = ?').run(rowChecksum([], data), id);
    sealIndex(db, id as bigint);
  }
  if (which === 'summary') sealIndex(db, id as bigint);
  if (which === 'fragment')
    db.prepare('UPDATE fragment SET crc = ? WHERE id = ?').run(rowChecksum([n('series'), n('first'), n('n')], data), id);
}

function sealIndex(db: DatabaseSync, id: bigint): void {
  const query = db.prepare('SELECT * FROM chunk_index WHERE id = ?');
  query.setReadBigInts(true);
  const row = query.get(id);
  if (row === undefined) return;
  const numbers = ['id', 'series', 'first', 'n', 'blocks', 'data_crc'].map((name) => Number(row[name]));
  db.prepare('UPDATE chunk_index SET crc = ? WHERE id = ?').run(rowChecksum(numbers, row['summary'] as Uint8Array), id);
}
