import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import type { AnyEvent, ProcessRow, SnapshotOptions, SnapshotRow } from '../../../src-preload/contract/index.ts';
import type { AgentConnection } from '../agent-link/agent-connection.ts';
import type { Hello, SnapshotMessage } from '../agent-link/messages.ts';
import { connectionOf } from '../agent-link/testing.ts';
import { Emitter } from '../base/emitter.ts';
import { silentLog } from '../base/log.ts';
import type { ProjectFile } from '../project/index.ts';
import { newSession, TestFolder } from '../project/testing.ts';
import type { SessionProcess } from '../recording/session-part.ts';
import { CaptureBook } from './capture-book.ts';
import { DumpFolder } from './dump-folder.ts';
import { SnapshotImports, type DumpToImport } from './snapshot-imports.ts';

const DUMP = '4242-1.heapdump';
const OPTIONS: SnapshotOptions = { method: 'auto', collectFirst: false, previews: false, redact: [], memoryLimit: null, joinPages: false };

/** Dumps are not read: imports are only recorded. */
class NotedImports extends SnapshotImports {
  readonly paths: string[] = [];

  override add({ path }: DumpToImport): void {
    this.paths.push(basename(path));
  }
}

let folder: TestFolder;
let project: ProjectFile;
let row: ProcessRow;
let dumps: string;
let imports: NotedImports;
let removed: MockInstance<DumpFolder['remove']>;
let book: CaptureBook;

beforeEach(() => {
  folder = new TestFolder();
  project = folder.create();
  const writer = project.newSession(newSession());
  row = writer.addProcess({ pid: 4242, parent: null, command: 'python', python: '3.12.1', start: 0, agent: 'connected' });
  const never = () => Promise.reject(new Error('not asked'));
  imports = new NotedImports({ importDump: never, query: never, forget: () => undefined, dispose: () => Promise.resolve() }, silentLog);
  const all = new DumpFolder(folder.file('data'), silentLog);
  removed = vi.spyOn(all, 'remove');
  dumps = all.forSession() ?? '';
  const plan = { rules: { every: null, rssAbove: null, rssStep: null, atMark: null, atExit: false, limit: 1 }, options: OPTIONS };
  const given = { project: 'p', session: writer.id, events: new Emitter<AnyEvent>(), store: project.snapshots, plan, log: silentLog };
  const host = { now: () => 1, sessionTime: () => 1, event: () => undefined, rss: () => null };
  book = new CaptureBook({ ...given, imports, dumps: all, folder: dumps }, host);
});

afterEach(() => {
  project.close();
  folder[Symbol.dispose]();
});

const rows = (): SnapshotRow[] => project.snapshots.list(row.session);

function joined(reason: Hello['reason']): { process: SessionProcess; connection: AgentConnection } {
  const connection = connectionOf({ dumps, hello: { reason } });
  const process = { row, connection, tracemallocFrames: 0 };
  book.joined(process, connection);
  return { process, connection };
}

function leave({ connection }: ReturnType<typeof joined>): void {
  connection.ended(null);
  book.left(row.id, false);
}

function say(
  { process, connection }: ReturnType<typeof joined>,
  state: SnapshotMessage['state'],
  trigger: SnapshotMessage['trigger'] = 'command',
  at: number | null = null,
): void {
  const path = join(dumps, DUMP);
  const unsaid = {
    t: 1,
    name: '',
    why: '',
    collected: false,
    previews: false,
    at,
    pause: at === null ? null : 0.002,
    expected: null,
    duration: 1,
  };
  const figures = { nodes: 1, edges: 1, tracked: 1, bytes: 1, memory: null, code: null, error: null, signal: null };
  book.onMessage(process, connection, { ...unsaid, ...figures, number: 1, state, trigger, path, method: 'fork' }, OPTIONS);
}

describe('a capture whose connection is lost', () => {
  it.each(['command', 'program'] as const)('is one row, also where its agent comes back and says that it is done: %s', (trigger) => {
    const first = joined('start');
    if (trigger === 'command') book.open(first.process, { trigger: 'user', name: '', options: OPTIONS });
    say(first, 'started', trigger);
    book.abort(row.id, 'agent.gone');
    const again = joined('reconnect');
    say(again, 'progress', trigger);
    say(again, 'done', trigger);
    expect(rows()).toMatchObject([{ state: 'failed', error: { code: 'agent.gone' } }]);
    expect(imports.paths).toEqual([]);
    // Both times: it may have been written after the first removal.
    expect(removed.mock.calls).toEqual([[join(dumps, DUMP)], [join(dumps, DUMP)]]);
  });

  it('is none where nobody knew its number yet', () => {
    const first = joined('start');
    book.open(first.process, { trigger: 'user', name: '', options: OPTIONS });
    book.abort(row.id, 'agent.gone');
    const again = joined('reconnect');
    say(again, 'started');
    say(again, 'done');
    expect([rows(), imports.paths, removed.mock.calls]).toEqual([[], [], [[join(dumps, DUMP)]]]);
  });

  it.each([
    ['command', 'agent.gone'],
    ['program', 'agent.closed'],
  ] as const)('is imported where a forked copy continues, and only once: %s, %s', (trigger, code) => {
    const first = joined('start');
    if (trigger === 'command') book.open(first.process, { trigger: 'user', name: '', options: OPTIONS });
    say(first, 'started', trigger);
    say(first, 'progress', trigger, 5);
    book.abort(row.id, code);
    expect(rows()).toMatchObject([{ state: 'importing', pause: 2 }]);
    const again = joined('reconnect');
    say(again, 'done', trigger, 5);
    expect([rows().length, imports.paths, removed.mock.calls]).toEqual([1, [DUMP], []]);
  });

  it('is discarded when it was cancelled, though its copy continues', () => {
    const first = joined('start');
    say(first, 'started', 'program');
    say(first, 'progress', 'program', 5);
    Object.assign(first.process, { connection: null });
    book.cancel(rows()[0]!.id);
    book.abort(row.id, 'agent.gone');
    expect(rows()).toMatchObject([{ state: 'failed', error: { code: 'snapshot.cancelled' } }]);
    expect([imports.paths, removed.mock.calls]).toEqual([[], [[join(dumps, DUMP)]]]);
  });

  it('keeps no number from another program that the process runs afterwards', () => {
    const first = joined('start');
    say(first, 'started', 'program');
    book.abort(row.id, 'agent.gone');
    const next = joined('start');
    say(next, 'started', 'program');
    say(next, 'done', 'program');
    expect(rows()).toMatchObject([{ state: 'failed' }, { state: 'importing', trigger: 'program' }]);
    expect(imports.paths).toEqual([DUMP]);
  });
});

describe('a process that is seen to end before its last messages are read', () => {
  it.each(['command', 'exit'] as const)('has one row for its snapshot, whose dump is kept: %s', (trigger) => {
    const process = joined('start');
    if (trigger === 'command') book.open(process.process, { trigger: 'interval', name: '', options: OPTIONS });
    say(process, 'started', trigger);
    say(process, 'progress', trigger, 5);
    book.forget(row.id);
    say(process, 'done', trigger, 5);
    leave(process);
    expect(rows()).toMatchObject([{ state: 'importing', pause: 2 }]);
    expect([imports.paths, removed.mock.calls]).toEqual([[DUMP], []]);
  });

  it('may have taken the whole snapshot in them', () => {
    const process = joined('start');
    const capture = book.open(process.process, { trigger: 'interval', name: '', options: OPTIONS });
    book.forget(row.id);
    book.confirm(capture, 1);
    say(process, 'started');
    say(process, 'done', 'command', 5);
    leave(process);
    expect(rows()).toMatchObject([{ state: 'importing', trigger: 'interval' }]);
    expect([imports.paths, removed.mock.calls]).toEqual([[DUMP], []]);
  });

  it('fails once nothing more can come', () => {
    const process = joined('start');
    say(process, 'started', 'exit');
    book.forget(row.id);
    expect(rows()).toMatchObject([{ state: 'capturing' }]);
    leave(process);
    expect(rows()).toMatchObject([{ state: 'failed', error: { code: 'agent.gone' } }]);
  });

  it('fails, too, where a child holds its connection open', () => {
    const process = joined('start');
    say(process, 'started', 'exit');
    book.forget(row.id);
    for (let tick = 0; tick < 20; tick++) book.ticked();
    expect(rows()).toMatchObject([{ state: 'failed', error: { code: 'agent.gone' } }]);
  });

  it('is imported where its copy continues, though the recording ends', () => {
    const process = joined('start');
    say(process, 'started', 'exit');
    say(process, 'progress', 'exit', 5);
    book.forget(row.id);
    book.end();
    expect(rows()).toMatchObject([{ state: 'importing' }]);
    expect([imports.paths, removed.mock.calls]).toEqual([[DUMP], []]);
  });
});

it.each(['the process', 'the recording'])('a request that is answered after the end of %s leaves no row', (whose) => {
  const process = joined('start');
  const capture = book.open(process.process, { trigger: 'interval', name: '', options: OPTIONS });
  if (whose === 'the process') leave(process);
  else book.end();
  expect(() => book.confirm(capture, 1)).toThrow(expect.objectContaining({ code: 'agent.gone' }) as Error);
  expect(rows()).toEqual([]);
});
