import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as api from '../api/index.ts';
import { useActions } from './actions.ts';
import type { Action } from './actions.ts';
import { useApp } from './app.ts';
import { useDialogs } from './dialogs.ts';
import { useFiles } from './files.ts';
import { isBetween, isText, useLayout } from './layout.ts';
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

  test('more than the engine keeps is not sent', async () => {
    useLayout().write('big', 'x'.repeat(300_000));
    await useLayout().save();
    expect(fake.call).not.toHaveBeenCalled();
  });
});

describe('notices', () => {
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

  test('what was said folds into the list; an error stays until it is dismissed', async () => {
    vi.useFakeTimers();
    const notices = useNotices();
    notices.report('common.undo');
    notices.fail(new FakeCallError('internal'));
    await vi.advanceTimersByTimeAsync(60_000);
    vi.useRealTimers();
    expect([notices.toasts.length, notices.list.length, notices.unread]).toEqual([1, 2, 2]);
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

  test('without a shell the window asks itself', async () => {
    const files = useFiles();
    const picked = files.pickFile('python', '/a');
    expect(files.request).toMatchObject({ kind: 'open', filter: 'python', startIn: '/a' });
    files.settle({ path: '/a/b.py', overwrite: false });
    expect(await picked).toBe('/a/b.py');
  });

  test('the shell’s own dialog has asked about replacing', async () => {
    fake.shell.mockReturnValueOnce({ pickSave: async () => '/a.heapscope' });
    expect(await useFiles().pickSave('a')).toEqual({ path: '/a.heapscope', overwrite: true });
  });

  test('a file whose path is hidden is sent over', async () => {
    fake.answers.set('files.receive', { path: '/copies/a.py' });
    const file = new File(['print(1)'], 'a.py');
    expect(await useFiles().dropped(file)).toEqual({ path: '/copies/a.py', copied: true });
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
