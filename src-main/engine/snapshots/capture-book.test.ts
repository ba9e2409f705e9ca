import { describe, expect, it, vi } from 'vitest';
import { CaptureBook } from './capture-book.ts';
import { FakeSession, OPTIONS, messageOf, processOf } from './testing.ts';

const DUMP = '/dumps/3-1.heapdump';
const REQUEST = { trigger: 'user', name: '', options: OPTIONS } as const;

function aBook() {
  const command = vi.fn(async () => ({}));
  const process = processOf(3, command);
  const session = new FakeSession([process]);
  const book = new CaptureBook(session.setup, session.host);
  const hear = (...said: Parameters<typeof messageOf>): void => book.onMessage(process, process.connection!, messageOf(...said), OPTIONS);
  return { book, process, session, hear, command };
}

describe('a capture that goes well', () => {
  it('is a row from when the agent takes it up, and is imported once its dump is whole', () => {
    const { book, process, session, hear } = aBook();
    const capture = book.open(process, { ...REQUEST, name: 'before' });
    expect([book.isBusy(3), book.isBusy(4), session.rows]).toEqual([true, false, []]);
    expect(book.confirm(capture, 1)).toMatchObject({ name: 'before', state: 'capturing', pid: 30, process: 3, t: 100, rss: 5000 });
    expect(session.notes).toEqual([[DUMP, 'key 1']]);
    hear('started', { method: 'in-place', why: 'no fork' });
    expect(session.rows[0]).toMatchObject({ method: 'in-place', methodReason: 'no fork' });
    hear('done', { path: DUMP, at: 4, pause: 0.25, nodes: 7, edges: 9, tracked: 5, bytes: 99 });
    expect(session.rows[0]).toMatchObject({
      ...{ state: 'importing', t: 4000, pause: 250, objects: 7, references: 9, tracked: 5, dumpBytes: 99, method: 'fork' },
    });
    expect(session.imported.map(({ path, row }) => [path, row.id])).toEqual([[DUMP, 1]]);
    expect(session.events).toEqual([
      { process: 3, t: 4000, kind: 'snapshot', facts: { pid: 30, snapshot: 1, name: 'before', trigger: 'user' } },
    ]);
    expect([book.isBusy(3), session.removed]).toEqual([false, []]);
    session.imported[0]?.removeDump();
    expect(session.removed).toEqual([DUMP]);
  });

  it('has the time and the pause that the agent knows, and is of now where it knows none', () => {
    const { book, process, session, hear } = aBook();
    book.confirm(book.open(process, REQUEST), 1);
    session.now = 700;
    hear('done', { path: DUMP });
    expect(session.rows[0]).toMatchObject({ t: 700, pause: null });
    book.confirm(book.open(process, REQUEST), 2);
    hear('done', { number: 2, path: DUMP, at: -3 });
    expect(session.rows[1]?.t).toBe(0);
  });

  it('is told as it goes on: preparing, starting, walking', () => {
    const { session, hear } = aBook();
    for (const state of ['preparing', 'started', 'progress'] as const) hear(state, { trigger: 'program', nodes: 5 });
    expect(session.emitted.map((event) => event.event === 'snapshot.progress' && event.payload.progress)).toEqual(
      ['preparing', 'starting', 'walking'].map((step) => ({ id: 1, session: 1, state: 'capturing', step, done: null, objects: 5 })),
    );
    hear('done', { path: DUMP });
    expect(session.emitted).toHaveLength(3);
  });

  it('without a name is numbered among those of its session', () => {
    const { book, process, session } = aBook();
    const taken: string[] = [];
    book.onTaken.on(({ name }) => taken.push(name));
    book.confirm(book.open(process, REQUEST), 1);
    book.confirm(book.open(processOf(4), { ...REQUEST, name: 'x' }), 1);
    book.confirm(book.open(processOf(5), REQUEST), 1);
    expect(taken).toEqual(['#1', 'x', '#3']);
    expect(session.rows.map(({ id }) => id)).toEqual([1, 2, 3]);
  });
});

describe('who asked for it', () => {
  it('is the program, or its end, where nobody here did', () => {
    const { session, hear } = aBook();
    hear('started', { trigger: 'program', name: 'warm' });
    hear('failed', { trigger: 'program', code: 'failed' });
    hear('started', { number: 2, trigger: 'exit', name: 'no name of ours' });
    expect(session.rows.map(({ trigger, name }) => [trigger, name])).toEqual([
      ['program', 'warm'],
      ['exit', '#2'],
    ]);
  });

  it('is the program, too, where it began just before it was asked for ours', () => {
    const { book, process, session, hear } = aBook();
    const ours = book.open(process, REQUEST);
    hear('started', { trigger: 'program', name: 'theirs' });
    book.reject(ours, { code: 'snapshot.busy', facts: {} });
    expect(session.rows.map(({ trigger, state }) => [trigger, state])).toEqual([['program', 'capturing']]);
    // A request that is refused at once leaves no row; the program's own capture continues.
    expect(book.isBusy(3)).toBe(true);
    hear('done', { trigger: 'program', path: DUMP });
    expect(session.states()).toEqual(['importing']);
  });

  it('is the user where the agent speaks of it before it has answered', () => {
    const { book, process, session, hear } = aBook();
    const capture = book.open(process, { ...REQUEST, name: 'mine' });
    hear('started', { path: DUMP });
    expect(book.confirm(capture, 1).name).toBe('mine');
    expect(session.rows).toHaveLength(1);
  });
});

describe('a capture that fails', () => {
  it('says why, and what there is of its dump goes', () => {
    const { book, process, session, hear } = aBook();
    book.confirm(book.open(process, { ...REQUEST, name: 'x' }), 1);
    hear('failed', { code: 'failed', error: 'ValueError: y' });
    expect(session.states()).toEqual(['failed: snapshot.failed']);
    expect([session.removed, book.isBusy(3)]).toEqual([[DUMP], false]);
    expect(session.events).toMatchObject([
      { process: 3, t: 100, kind: 'snapshot-failed', facts: { pid: 30, name: 'x', code: 'snapshot.failed', detail: 'ValueError: y' } },
    ]);
  });

  it('where the dump is not where dumps of this process lie is not read, nor removed', () => {
    const { book, process, session, hear } = aBook();
    book.confirm(book.open(process, REQUEST), 1);
    hear('done', { path: '/etc/passwd' });
    expect(session.states()).toEqual(['failed: snapshot.failed']);
    expect(session.rows[0]?.error?.facts).toEqual({ pid: 30, detail: '/etc/passwd' });
    expect([session.imported, session.removed]).toEqual([[], []]);
  });

  it.each(['agent.gone', 'snapshot.interrupted'] as const)('with its process says so: %s', (code) => {
    const { book, process, session } = aBook();
    book.confirm(book.open(process, REQUEST), 1);
    if (code === 'agent.gone') book.abort(3, code);
    else book.end();
    expect(session.states()).toEqual([`failed: ${code}`]);
    expect([session.removed, book.isBusy(3)]).toEqual([[DUMP], false]);
    book.abort(3, 'agent.gone');
    expect(session.events).toHaveLength(1);
  });

  it('since its row cannot be written is stopped, and its dump goes when the agent has ended it', () => {
    const { book, process, session, hear, command } = aBook();
    book.confirm(book.open(process, REQUEST), 1);
    session.fault = new Error('disk full');
    hear('started');
    expect(command).toHaveBeenCalledWith('snapshot_cancel', { number: 1 });
    expect(session.removed).toEqual([]);
    hear('failed', { code: 'cancelled' });
    expect([session.removed, book.isBusy(3)]).toEqual([[DUMP], false]);
  });

  it('at its last word, which cannot be written, leaves no dump', () => {
    const { book, process, session, hear } = aBook();
    book.confirm(book.open(process, REQUEST), 1);
    session.fault = new Error('disk full');
    hear('done', { path: DUMP });
    expect([session.removed, session.imported, book.isBusy(3)]).toEqual([[DUMP], [], false]);
  });
});

describe('a capture that is cancelled', () => {
  it('has failed at once, without an event; the agent is told, and what it still makes is thrown away', () => {
    const { book, process, session, hear, command } = aBook();
    book.confirm(book.open(process, REQUEST), 1);
    expect([book.cancel(1), book.cancel(77)]).toEqual([true, false]);
    expect(session.states()).toEqual(['failed: snapshot.cancelled']);
    expect(command.mock.calls).toEqual([['snapshot_cancel', { number: 1 }]]);
    hear('started', { method: 'python' });
    book.cancel(1);
    expect([session.rows[0]?.method, command.mock.calls.length]).toEqual([null, 1]);
    hear('done', { path: DUMP });
    expect([session.states(), session.removed, session.imported]).toEqual([['failed: snapshot.cancelled'], [DUMP], []]);
    expect([session.events, book.isBusy(3)]).toEqual([[], false]);
  });

  it('and whose process ends then stays cancelled', () => {
    const { book, process, session } = aBook();
    book.confirm(book.open(process, REQUEST), 1);
    book.cancel(1);
    book.abort(3, 'agent.gone');
    expect([session.states(), session.removed]).toEqual([['failed: snapshot.cancelled'], [DUMP]]);
  });

  it('and that the agent says has failed stays cancelled', () => {
    const { book, process, session, hear } = aBook();
    book.confirm(book.open(process, REQUEST), 1);
    book.cancel(1);
    hear('failed', { code: 'killed', signal: 9 });
    expect([session.states(), session.removed]).toEqual([['failed: snapshot.cancelled'], [DUMP]]);
  });

  it('before the agent has given it a number is stopped when it has', () => {
    const { book, process, session, hear, command } = aBook();
    const capture = book.open(process, REQUEST);
    hear('preparing');
    capture.number = null;
    book.cancel(1);
    expect(command).not.toHaveBeenCalled();
    book.confirm(capture, 8);
    expect(command.mock.calls).toEqual([['snapshot_cancel', { number: 8 }]]);
    expect(session.states()).toEqual(['failed: snapshot.cancelled']);
  });

  it('by an agent that does not hear is worth a line in the log', async () => {
    const process = processOf(3, () => Promise.reject(new Error('gone')));
    const session = new FakeSession([process]);
    const book = new CaptureBook(session.setup, session.host);
    book.confirm(book.open(process, REQUEST), 1);
    book.cancel(1);
    await vi.waitFor(() => expect(session.log).toHaveLength(1));
  });
});

describe('a dump that a forked copy sends', () => {
  const KEY = '0123456789abcdef'.repeat(2);

  it('is written by us to where its agent would have, and imported once it is whole', () => {
    const { session, process, hear } = aBook();
    const expected: [string, string][] = [];
    const streams = { expect: (key: string, path: string) => expected.push([key, path]), failure: () => undefined };
    Object.assign(process.connection!, { streams });
    hear('started', { trigger: 'program', stream: KEY });
    hear('progress', { trigger: 'program', stream: KEY });
    hear('done', { trigger: 'program', stream: KEY, bytes: 9 });
    expect(expected).toEqual([[KEY, DUMP]]);
    expect(session.imported[0]).toMatchObject({ path: DUMP, incomplete: { code: 'snapshot.failed', facts: { pid: 30 } } });
  });

  it('has failed for our reason where we could not write it', () => {
    const { session, process, hear } = aBook();
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    Object.assign(process.connection!, { streams: { expect: () => undefined, failure: () => full } });
    hear('started', { trigger: 'program', stream: KEY });
    hear('failed', { trigger: 'program', stream: KEY, code: 'failed', error: 'write: Broken pipe' });
    expect([session.states(), session.removed]).toEqual([['failed: snapshot.no-space'], [DUMP]]);
    expect(session.events).toMatchObject([{ facts: { code: 'snapshot.no-space', path: '/dumps' } }]);
  });
});

describe('several captures of one process', () => {
  it('are rows of their own, told apart by their numbers', () => {
    const { book, session, hear } = aBook();
    for (const number of [1, 2, 3]) hear('started', { trigger: 'program', name: `n${number}`, number });
    hear('done', { trigger: 'program', number: 2, path: '/dumps/3-2.heapdump' });
    hear('failed', { trigger: 'program', number: 1, code: 'killed', signal: 9 });
    expect(session.states()).toEqual(['failed: snapshot.killed', 'importing', 'capturing']);
    expect(book.isBusy(3)).toBe(true);
    book.abort(3, 'agent.gone');
    expect([session.states()[2], book.isBusy(3)]).toEqual(['failed: agent.gone', false]);
  });
});
