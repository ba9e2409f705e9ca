import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as api from '../api/index.ts';
import { useActions } from './actions.ts';
import type { Action } from './actions.ts';
import { useApp } from './app.ts';
import { useDialogs } from './dialogs.ts';
import { useFiles } from './files.ts';
import { isBetween, isBoolean, isText, useLayout } from './layout.ts';
import { useNotices } from './notices.ts';
import { FakeCallError, fakeOf, freshStores } from './testing.ts';

vi.mock('../api/index.ts', async () => {
  const { fakeApi, FakeCallError } = await import('./testing.ts');
  return {
    ...fakeApi(),
    CallError: FakeCallError,
    onConnection: () => () => undefined,
    onResync: () => () => undefined,
    connect: async () => undefined,
    connectionState: () => 'connected',
  };
});

const fake = fakeOf(api);
beforeEach(() => freshStores(fake));

describe('layout', () => {
  test.each(['', 'null', '[1]', '{', '"text"'])('what was stored as %s counts as nothing', (stored) => {
    useLayout().load(stored);
    expect(useLayout().values).toEqual({});
  });

  test('a value that is not what it should be is not taken', () => {
    useLayout().load('{"size": 900, "name": 5}');
    expect(useLayout().read('size', isBetween(0, 100), 30)).toBe(30);
    expect(useLayout().read('name', isText, '')).toBe('');
  });

  test('many changes are saved once, a moment later; none when nothing changed', async () => {
    vi.useFakeTimers();
    const layout = useLayout();
    for (const size of [1, 2, 3]) layout.write('size', size);
    layout.write('size', 3);
    await vi.advanceTimersByTimeAsync(2000);
    vi.useRealTimers();
    const saved = fake.call.mock.calls.filter(([method]) => method === 'settings.set');
    expect(saved).toEqual([['settings.set', { window: '{"size":3}' }]]);
  });

  test('what waits to be saved is saved before the page goes, and nothing twice', async () => {
    vi.useFakeTimers();
    const layout = useLayout();
    layout.flush();
    expect(fake.call).not.toHaveBeenCalled();
    layout.write('size', 1);
    layout.flush();
    expect(fake.call).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2000);
    layout.flush();
    vi.useRealTimers();
    expect(fake.call).toHaveBeenCalledTimes(1);
  });

  test('a layout that cannot be saved is not worth a message', async () => {
    fake.answers.set('settings.set', () => Promise.reject(new FakeCallError('internal')));
    useLayout().write('size', 2);
    await expect(useLayout().save()).resolves.toBeUndefined();
    expect(useNotices().list).toEqual([]);
  });

  /** So that all of what is stored is this long: `{"big":"…"}`. */
  const ofLength = (length: number): string => 'x'.repeat(length - 10);
  test('as much as the engine keeps is sent, one character more is not', async () => {
    useLayout().write('big', ofLength(256_001));
    await useLayout().save();
    expect(fake.call).not.toHaveBeenCalled();
    useLayout().write('big', ofLength(256_000));
    await useLayout().save();
    expect(fake.call).toHaveBeenCalledTimes(1);
  });

  test('a value is within its bounds, ends included, and a number', () => {
    const fits = isBetween(10, 20);
    expect([9, 10, 20, 21, '15', NaN].map(fits)).toEqual([false, true, true, false, false, false]);
    expect([true, 0, 'true', null].map(isBoolean)).toEqual([true, false, false, false]);
  });
});

describe('notices', () => {
  test('the same once more while it is shown is one, with its count; an offer is of its own case', () => {
    const notices = useNotices();
    for (let i = 0; i < 3; i++) notices.fail(new FakeCallError('snapshot.failed', { pid: 7 }));
    notices.fail(new FakeCallError('snapshot.failed', { pid: 8 }));
    expect(notices.list.map(({ times }) => times)).toEqual([1, 3]);
    notices.fold(notices.list[1]!.id);
    notices.fail(new FakeCallError('snapshot.failed', { pid: 7 }));
    expect(notices.list.map(({ times }) => times)).toEqual([1, 1, 3]);
    const undo = { label: 'common.undo', run: () => undefined };
    for (let i = 0; i < 2; i++) notices.report('common.undo', {}, undo);
    expect(notices.list.map(({ times }) => times)).toEqual([1, 1, 1, 1, 3]);
  });

  test('a failed call is told with its code, a defect with its message, a cancel not at all', () => {
    const notices = useNotices();
    notices.fail(new FakeCallError('project.missing', { path: '/a' }));
    notices.fail(new TypeError('x is undefined'));
    notices.fail(new FakeCallError('call.cancelled'));
    expect(notices.list.map(({ body }) => (body.kind === 'error' ? body.error : null))).toEqual([
      { code: 'internal', facts: { detail: 'TypeError: x is undefined' } },
      { code: 'project.missing', facts: { path: '/a' } },
    ]);
  });

  test('what was said folds into the list, an error too', async () => {
    vi.useFakeTimers();
    const notices = useNotices();
    notices.report('common.undo');
    notices.fail(new FakeCallError('internal'));
    await vi.advanceTimersByTimeAsync(60_000);
    vi.useRealTimers();
    expect([notices.toasts.length, notices.list.length, notices.unread]).toEqual([0, 2, 2]);
  });

  test('what was said stays for six seconds, a warning or an offer for twelve, an error for twenty, with an offer too', async () => {
    vi.useFakeTimers();
    const notices = useNotices();
    const run = (): void => undefined;
    const body = { kind: 'message', key: 'x', values: {} } as const;
    for (const severity of ['info', 'warning', 'error'] as const) {
      notices.push(severity, body);
      notices.push(severity, body, { label: 'common.undo', run });
    }
    const shown = (): string[] => notices.toasts.map(({ severity, actions }) => severity + (actions.length > 0 ? ' with an offer' : ''));
    await vi.advanceTimersByTimeAsync(5999);
    expect(shown()).toHaveLength(6);
    await vi.advanceTimersByTimeAsync(1);
    expect(shown()).not.toContain('info');
    expect(shown()).toHaveLength(5);
    await vi.advanceTimersByTimeAsync(6000);
    expect(shown()).toEqual(['error with an offer', 'error']);
    await vi.advanceTimersByTimeAsync(7999);
    expect(shown()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    vi.useRealTimers();
    expect(shown()).toEqual([]);
  });

  test('of several offers the one that was taken is done, and all are gone then', () => {
    const notices = useNotices();
    const done: string[] = [];
    const offers = ['a', 'b'].map((label) => ({ label, run: () => void done.push(label) }));
    const id = notices.report('common.undo', {}, ...offers);
    notices.act(id, 1);
    notices.act(id);
    expect(done).toEqual(['b']);
  });

  test('a hundred are kept, the newest first', () => {
    const notices = useNotices();
    for (let i = 0; i <= 100; i++) notices.fail(new FakeCallError('internal', { detail: String(i) }));
    const details = notices.list.map(({ body }) => body.kind === 'error' && body.error.facts['detail']);
    expect([details.length, details[0], details.at(-1)]).toEqual([100, '100', '1']);
  });

  test('are counted until they are read, and gone when the list is cleared', () => {
    const notices = useNotices();
    notices.listen();
    fake.emit('notice', { severity: 'warning', error: { code: 'internal', facts: {} }, project: null, session: null });
    notices.fail('no error at all');
    expect([notices.unread, notices.list.map(({ severity }) => severity)]).toEqual([2, ['error', 'warning']]);
    expect(notices.list[0]?.body).toEqual({ kind: 'error', error: { code: 'internal', facts: { detail: 'no error at all' } } });
    notices.markRead();
    expect([notices.unread, notices.list.length]).toEqual([0, 2]);
    notices.fail(new FakeCallError('internal'));
    notices.clear();
    expect([notices.unread, notices.list]).toEqual([0, []]);
  });

  test('of work that fails come to nothing else; what it gives is passed on', async () => {
    const notices = useNotices();
    expect(await notices.attempt(async () => 7)).toBe(7);
    expect(await notices.attempt(() => Promise.reject(new FakeCallError('internal')))).toBeUndefined();
    expect(notices.list).toHaveLength(1);
  });

  test('are folded one by one, and an offer that is folded is over', () => {
    const notices = useNotices();
    const run = vi.fn();
    const [first] = [notices.report('a', {}, { label: 'common.undo', run }), notices.report('b')];
    notices.fold(first);
    notices.act(first);
    expect([notices.toasts.length, notices.list.length, run.mock.calls.length]).toEqual([1, 2, 0]);
    expect(notices.list.at(-1)).toMatchObject({ severity: 'info', body: { key: 'a' }, toast: false, actions: [] });
  });

  test('an action runs once', () => {
    const notices = useNotices();
    const run = vi.fn();
    const id = notices.report('common.undo', {}, { label: 'common.undo', run });
    notices.act(id);
    notices.act(id);
    expect(run).toHaveBeenCalledTimes(1);
  });
});

describe('actions', () => {
  const action = (change: Partial<Action>): Action => ({
    id: 'a',
    label: 'l',
    group: 'view',
    shortcuts: ['M'],
    enabled: () => true,
    run: () => undefined,
    ...change,
  });
  const key = { key: 'm', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

  test('what makes no sense now does not run, and what fails is told', async () => {
    const actions = useActions();
    const run = vi.fn();
    actions.register([action({ enabled: () => false, run })]);
    expect([actions.run('a'), actions.run('unknown'), actions.press(key)]).toEqual([false, false, false]);
    expect(run).not.toHaveBeenCalled();
    actions.register([action({ id: 'b', run: () => Promise.reject(new FakeCallError('internal')) })]);
    actions.run('b');
    await vi.waitFor(() => expect(useNotices().list).toHaveLength(1));
  });

  test('what the engine does is not possible without it, by no way; what the window does is', () => {
    const actions = useActions();
    const run = vi.fn();
    actions.register((['record', 'project', 'session', 'view', 'window'] as const).map((group) => action({ id: group, group, run })));
    const possible = (): string[] => actions.list.filter((one) => actions.isEnabled(one.id)).map(({ id }) => id);
    expect(possible()).toEqual(['view', 'window']);
    expect(actions.run('record')).toBe(false);
    actions.press(key);
    expect(run).toHaveBeenCalledTimes(1);
    useApp().connection = 'connected';
    expect(possible()).toEqual(['record', 'project', 'session', 'view', 'window']);
    expect(actions.run('record')).toBe(true);
  });

  test('a view’s own action goes first until it is taken back', () => {
    const actions = useActions();
    const [window, view] = [vi.fn(), vi.fn()];
    actions.register([action({ run: window })]);
    const back = actions.register([action({ run: view })]);
    actions.press(key);
    back();
    actions.press(key);
    expect([view.mock.calls.length, window.mock.calls.length]).toEqual([1, 1]);
  });

  test('each is known by its id, and is enabled where it is there and makes sense', () => {
    const actions = useActions();
    actions.register([action({}), action({ id: 'b', enabled: () => false })]);
    expect(['a', 'b', 'c'].map(actions.isEnabled)).toEqual([true, false, false]);
    expect([actions.find('b')?.id, actions.find('c')]).toEqual(['b', undefined]);
  });

  test('a key runs the one it stands for, by any of its keys, where that makes sense', () => {
    const actions = useActions();
    const [off, other, run] = [vi.fn(), vi.fn(), vi.fn()];
    actions.register([
      action({ id: 'off', enabled: () => false, run: off }),
      action({ id: 'other', shortcuts: ['K'], run: other }),
      action({ id: 'run', shortcuts: ['F5', 'M'], run }),
    ]);
    expect([actions.press(key), actions.press({ ...key, key: 'x' })]).toEqual([true, false]);
    expect([off, other, run].map(({ mock }) => mock.calls.length)).toEqual([0, 0, 1]);
  });

  test.each([
    ['in a browser its own keys are left to it, and others are shown', null, false, ['Ctrl', 'Enter']],
    ['in the desktop app they work', { report: () => undefined }, true, ['F5']],
  ])('%s', (_, shell, works, shown) => {
    fake.shell.mockReturnValue(shell);
    const actions = useActions();
    const run = vi.fn();
    actions.register([action({ shortcuts: ['F5', 'Mod+Enter'], run })]);
    expect([actions.press({ ...key, key: 'F5' }), actions.keysOf('a'), actions.keysOf('b')]).toEqual([works, shown, []]);
    expect(run).toHaveBeenCalledTimes(works ? 1 : 0);
    fake.shell.mockReturnValue(null);
  });

  test('the shell’s menu runs them; what else it asks for is passed on', () => {
    const actions = useActions();
    const [run, others] = [vi.fn(), vi.fn()];
    actions.register([action({ run })]);
    actions.listen(others);
    fake.emit('shell.command', { command: 'action', action: 'a' });
    fake.emit('shell.command', { command: 'open', path: '/x' });
    expect(run).toHaveBeenCalledTimes(1);
    expect(others).toHaveBeenCalledWith({ command: 'open', path: '/x' });
  });
});

describe('files and questions', () => {
  test('a new question answers the old one with no', async () => {
    const dialogs = useDialogs();
    const ask = (): Promise<boolean> => dialogs.confirm({ title: '', text: '', action: '', danger: false });
    const first = ask();
    const second = ask();
    dialogs.answer(true);
    expect(await Promise.all([first, second])).toEqual([false, true]);
  });

  test('one dialog is open at a time', () => {
    const dialogs = useDialogs();
    dialogs.show('palette');
    dialogs.show('about');
    expect(dialogs.open).toBe('about');
    dialogs.close();
    expect(dialogs.open).toBeNull();
  });

  test('an answer ends the question, and is given once', async () => {
    const dialogs = useDialogs();
    const asked = dialogs.confirm({ title: 't', text: '', action: '', danger: true });
    expect(dialogs.question).toMatchObject({ title: 't', danger: true });
    dialogs.answer(false);
    dialogs.answer(true);
    expect([await asked, dialogs.question]).toEqual([false, null]);
  });

  test('a new request for a file ends the one before with none', async () => {
    const files = useFiles();
    const first = files.pickFolder('/a');
    expect(files.request).toEqual({ kind: 'folder', filter: 'folder', startIn: '/a', suggested: '', error: null });
    const second = files.pickSave('b', '/c', { code: 'project.exists', facts: {} });
    expect(files.request).toEqual({
      kind: 'save',
      filter: 'project',
      startIn: '/c',
      suggested: 'b',
      error: { code: 'project.exists', facts: {} },
    });
    files.settle({ path: '/b.heapscope', overwrite: true });
    expect(await Promise.all([first, second])).toEqual([null, { path: '/b.heapscope', overwrite: true }]);
    expect(files.request).toBeNull();
    const third = files.pickFile('any', '');
    files.settle(null);
    expect(await third).toBeNull();
  });

  test('with a shell its dialogs are used; dismissed, they give nothing', async () => {
    const files = useFiles();
    fake.shell.mockReturnValue({
      pickFile: async (filter: string, startIn: string) => `${startIn}/${filter}`,
      pickFolder: async (startIn: string) => startIn,
      pickSave: async () => null,
    });
    expect([await files.pickFile('python', '/a'), await files.pickFolder('/b'), await files.pickSave('c')]).toEqual([
      '/a/python',
      '/b',
      null,
    ]);
    expect(files.request).toBeNull();
    fake.shell.mockReturnValue(null);
  });

  test('a file whose path is known is not sent over', async () => {
    fake.shell.mockReturnValueOnce({ pathOf: () => '/real/a.py' });
    expect(await useFiles().dropped(new File(['x'], 'a.py'))).toEqual({ path: '/real/a.py', copied: false });
    expect(fake.call).not.toHaveBeenCalled();
  });

  test('the folder that was used last is remembered, and listed as it is asked', async () => {
    const files = useFiles();
    expect(files.lastFolder()).toBe('');
    files.rememberFolder('/a/b');
    expect(files.lastFolder()).toBe('/a/b');
    await files.list('/a', 'python');
    expect(fake.call).toHaveBeenCalledWith('files.list', { path: '/a', filter: 'python' });
  });

  test('without a shell the window asks itself', async () => {
    const files = useFiles();
    const picked = files.pickFile('python', '/a');
    expect(files.request).toMatchObject({ kind: 'open', filter: 'python', startIn: '/a' });
    files.settle({ path: '/a/b.py', overwrite: false });
    expect(await picked).toBe('/a/b.py');
  });

  test('the shell’s own dialog has asked about replacing', async () => {
    const pickSave = vi.fn(async () => '/a.heapscope');
    fake.shell.mockReturnValueOnce({ pickSave });
    expect(await useFiles().pickSave('a', '/c')).toEqual({ path: '/a.heapscope', overwrite: true });
    expect(pickSave).toHaveBeenCalledWith('/c/a');
  });

  test('a file whose path is hidden is sent over', async () => {
    fake.answers.set('files.receive', { path: '/copies/a.py' });
    const file = new File(['print(1)'], 'a.py');
    expect(await useFiles().dropped(file)).toEqual({ path: '/copies/a.py', copied: true });
    expect(fake.call).toHaveBeenCalledWith('files.receive', { name: 'a.py', data: new TextEncoder().encode('print(1)') });
  });
});

describe('app', () => {
  test('theme and language follow the system until they are chosen', async () => {
    const app = useApp();
    app.systemDark = true;
    app.systemLanguage = 'zh-TW';
    expect([app.theme, app.language]).toEqual(['dark', 'zh-CN']);
    await app.change({ theme: 'light', language: 'en' });
    expect([app.theme, app.language]).toEqual(['light', 'en']);
    expect(fake.call).toHaveBeenCalledWith('settings.set', { theme: 'light', language: 'en' });
  });

  test('what the command line asked for is done once', async () => {
    fake.answers.set('app.info', { start: { open: '/a', record: null } });
    fake.answers.set('settings.get', { theme: 'system', language: 'system', window: '{}', consoleLimit: 1 });
    const app = useApp();
    await app.start();
    expect(app.takeStart()).toEqual({ open: '/a', record: null });
    expect(app.takeStart()).toEqual({ open: [], record: null });
  });
});
