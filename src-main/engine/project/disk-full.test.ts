import { describe, expect, it } from 'vitest';
import { silentLog } from '../base/log.ts';
import { Connection } from './connection.ts';
import { ConsoleWriter } from './console-writer.ts';
import { IdCounter } from './ids.ts';
import { createFile } from './open.ts';
import { claimPath } from './open-paths.ts';
import { SeriesReaders } from './series-readers.ts';
import { insertSession } from './sessions.ts';
import { allSamples, LAUNCH, TestFolder, valueAt } from './testing.ts';
import { SessionWriter } from './writer.ts';

/** A writer into a file that may not grow beyond `pages`: SQLite then fails like on a full disk. */
function writerWith(path: string, pages: number): { writer: SessionWriter; connection: Connection; series: SeriesReaders } {
  const connection: Connection = new Connection(path, createFile(path, false), claimPath(path), silentLog, () => undefined);
  const series = new SeriesReaders(
    () => connection.db,
    () => false,
  );
  const console = new ConsoleWriter(1, 1e6, 80, 24);
  const row = {
    id: 1,
    uuid: 'u',
    name: 'n',
    note: '',
    state: 'running' as const,
    program: 'p',
    origin: { kind: 'launched' as const, spec: LAUNCH },
    interpreter: null,
    startedAt: 0,
    duration: 0,
    peakRss: null,
    exit: null,
    processes: 0,
    samples: 0,
    agent: false,
  };
  connection.write((db) => insertSession(db, { row, columns: 80, rows: 24, consoleLimit: 1e6 }, console.info, false));
  connection.db.exec(`PRAGMA max_page_count = ${connection.db.number('PRAGMA page_count') + pages}`);
  const ids = new IdCounter(connection.db);
  ids.next('session');
  const host = {
    path: () => path,
    held: () => false,
    ids,
    series,
    transaction: connection.transaction.bind(connection),
    changed: () => undefined,
    finished: () => undefined,
  };
  return { writer: new SessionWriter(host, row, console), connection, series };
}

describe('a disk that is full', () => {
  it('ends a flush with an error; what was in the file stays whole, the rest can be read and is written once there is room', () => {
    using folder = new TestFolder();
    const { writer, connection, series } = writerWith(folder.file('a.heapscope'), 20);
    const id = writer.addSeries(null, 'rss');
    let i = 0;
    const fill = (): void => {
      for (;;) {
        for (const end = i + 500; i < end; i++) writer.append(id, i * 100, valueAt(0, i) * Math.PI);
        writer.flush();
      }
    };
    expect(fill).toThrow('recording.disk-full {"path":');
    expect(() => writer.flush()).toThrow('recording.disk-full');
    expect(series.info(series.get([id])[0]!).samples).toBe(i);
    expect(connection.db.get('PRAGMA quick_check')).toMatchObject({ quick_check: 'ok' });

    connection.db.exec('PRAGMA max_page_count = 100000');
    writer.finish({ state: 'ended', exit: null, duration: 1 });
    connection.close();
    const project = folder.open();
    expect(project.sessions.get(1)).toMatchObject({ state: 'ended', samples: i });
    expect(allSamples(project, id)).toEqual(Array.from({ length: i }, (_, k) => [k * 100, valueAt(0, k) * Math.PI]));
    project.close();
  });

  it('ends a recording cleanly: what was flushed is kept, and the state where it fits', () => {
    using folder = new TestFolder();
    const { writer, connection } = writerWith(folder.file('a.heapscope'), 20);
    const id = writer.addSeries(null, 'rss');
    let flushed = 0;
    expect(() => {
      for (let i = 0; ; i++) {
        writer.append(id, i * 100, valueAt(0, i) * Math.PI);
        if (i % 100 !== 99) continue;
        writer.flush();
        flushed = i + 1;
      }
    }).toThrow('recording.disk-full');
    expect(() => writer.finish({ state: 'stopped-recording', exit: null, duration: 1 })).toThrow('recording.disk-full');
    expect(writer.live.row.state).toBe('stopped-recording');
    connection.close();
    const project = folder.open();
    expect(project.sessions.get(1).state).toBe('stopped-recording');
    expect(allSamples(project, id)).toEqual(Array.from({ length: flushed }, (_, k) => [k * 100, valueAt(0, k) * Math.PI]));
    project.close();
  });
});
