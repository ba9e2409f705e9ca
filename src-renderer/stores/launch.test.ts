import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { AppInfo } from '../../src-preload/contract/index.ts';
import * as api from '../api/index.ts';
import { useApp } from './app.ts';
import { EMPTY_SPEC, useLaunch } from './launch.ts';
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
const missing = { field: 'target', error: { code: 'launch.script-missing', facts: { path: '/x' } } };

beforeEach(() => {
  freshStores(fake);
  fake.answers.set('launch.check', []);
});

describe('problems', () => {
  test('an empty form cannot be recorded, nor one with a problem, nor one whose arguments cannot be read', async () => {
    const launch = useLaunch();
    expect(launch.canRecord).toBe(false);
    launch.edit({ target: '/x' });
    fake.answers.set('launch.check', [missing]);
    await launch.check();
    expect(launch.canRecord).toBe(false);
    fake.answers.set('launch.check', []);
    await launch.check();
    expect(launch.canRecord).toBe(true);
    launch.argsFault = true;
    expect(launch.canRecord).toBe(false);
  });

  test('a newer question cancels the older one, whose answer is not taken', async () => {
    const launch = useLaunch();
    const answers: ((value: unknown) => void)[] = [];
    fake.answers.set('launch.check', () => new Promise((resolve) => answers.push(resolve)));
    const first = launch.check();
    const second = launch.check();
    answers[1]?.([]);
    answers[0]?.([missing]);
    await Promise.all([first, second]);
    const aborted = fake.call.mock.calls.map(([, , options]) => (options as { signal: AbortSignal }).signal.aborted);
    expect([aborted, launch.problems]).toEqual([[true, false], []]);
  });

  test('a check that fails leaves the form usable', async () => {
    fake.answers.clear();
    fake.call.mockRejectedValueOnce(new FakeCallError('call.timeout'));
    await expect(useLaunch().check()).resolves.toEqual([]);
    expect(useLaunch().checking).toBe(false);
  });
});

test('typing asks once, after a pause', async () => {
  vi.useFakeTimers();
  const launch = useLaunch();
  for (const target of ['/a', '/ab', '/abc']) launch.edit({ target });
  await vi.advanceTimersByTimeAsync(1000);
  vi.useRealTimers();
  expect(fake.call.mock.calls.filter(([method]) => method === 'launch.check')).toHaveLength(1);
});

test('the environment: added, taken away, and empty rows that say nothing', () => {
  const launch = useLaunch();
  launch.setEnv([
    { name: 'A', value: '1', unset: false },
    { name: 'B', value: 'old', unset: true },
    { name: '', value: '', unset: false },
  ]);
  expect(launch.spec.env).toEqual({ A: '1', B: null });
  launch.fill({ ...EMPTY_SPEC, env: { C: null, D: 'x' } });
  expect(launch.env).toEqual([
    { name: 'C', value: '', unset: true },
    { name: 'D', value: 'x', unset: false },
  ]);
  expect(launch.spec.env).toEqual({ C: null, D: 'x' });
});

describe('a path', () => {
  const info = { home: '/home/a', separator: '/' } as AppInfo;

  test('is meant as a shell or a file manager writes it; the field keeps what was typed', () => {
    const launch = useLaunch();
    useApp().info = info;
    launch.edit({ target: '"~/my app.py"', cwd: '~', interpreter: '~/venv/bin/python' });
    expect(launch.spec).toMatchObject({ target: '/home/a/my app.py', cwd: '/home/a', interpreter: '/home/a/venv/bin/python' });
    expect(launch.draft.target).toBe('"~/my app.py"');
    for (const mode of ['module', 'code', 'command'] as const) {
      launch.edit({ mode, target: '"~"' });
      expect(launch.spec.target).toBe('"~"');
    }
  });

  test('of a file from elsewhere is what it says', () => {
    const launch = useLaunch();
    useApp().info = info;
    launch.fillFromElsewhere({ ...EMPTY_SPEC, target: '~/a.py' });
    launch.setConsent(true);
    expect(launch.spec.target).toBe('~/a.py');
  });
});

describe('another script', () => {
  const fill = (target: string, cwd: string) => {
    const launch = useLaunch();
    launch.fill({ ...EMPTY_SPEC, target, cwd });
    return launch;
  };

  test.each([
    ['in the folder of its own takes the place of the folder beside the one before', '/one/a.py', '/one', '/two/b.py', '/two'],
    ['elsewhere leaves the folder of the one before', '/one/src/a.py', '/one', '/two/b.py', ''],
    ['below the same folder stays in it', '/one/src/a.py', '/one', '/one/b.py', '/one'],
    ['is not below a folder whose name begins the same', '/one/src/a.py', '/one', '/one-more/b.py', ''],
    ['without a folder keeps none', '/one/a.py', '', '/two/b.py', ''],
    ['of a relative path is in the same folder', 'a.py', '/one', 'b.py', '/one'],
  ])('%s', (_, target, cwd, chosen, expected) => {
    const launch = fill(target, cwd);
    launch.chooseScript(chosen);
    expect(launch.draft).toMatchObject({ target: chosen, cwd: expected });
  });

  test('leaves a folder that the user entered', () => {
    const launch = fill('/one/a.py', '/one');
    launch.edit({ cwd: '/mine' });
    launch.chooseScript('/two/b.py');
    launch.edit({ target: '/three/c.py' });
    launch.settleScript();
    expect(launch.draft.cwd).toBe('/mine');
  });
});

test('an interpreter that was named joins the list once', async () => {
  const launch = useLaunch();
  fake.answers.set('interpreters.check', { path: '/p', version: '3.12.1' });
  await launch.checkInterpreter('/p');
  await launch.checkInterpreter('/p');
  expect(launch.interpreters).toHaveLength(1);
});

describe('what comes from elsewhere', () => {
  const poisoned = {
    ...EMPTY_SPEC,
    target: '/x.py',
    interpreter: '/tmp/evil/python',
    cwd: '/tmp/evil',
    env: { LD_PRELOAD: '/tmp/evil.so' },
  };

  test('is asked nothing about and cannot be recorded until the user has agreed', async () => {
    const launch = useLaunch();
    launch.fillFromElsewhere(poisoned);
    expect(await launch.check()).toEqual([]);
    expect(fake.call).not.toHaveBeenCalled();
    expect(launch.canRecord).toBe(false);
    expect(launch.env).toEqual([{ name: 'LD_PRELOAD', value: '/tmp/evil.so', unset: false }]);
    launch.setConsent(true);
    await launch.check();
    expect(fake.call).toHaveBeenCalledWith('launch.check', { spec: poisoned, confirmed: true }, expect.anything());
    expect(launch.canRecord).toBe(true);
    launch.setConsent(false);
    expect(launch.canRecord).toBe(false);
  });

  test('stays from elsewhere while it is edited, and lends its interpreter and folder to nothing', () => {
    const launch = useLaunch();
    launch.fillFromElsewhere(poisoned);
    launch.edit({ target: '/mine.py' });
    expect([launch.needsConsent, launch.ownInterpreter, launch.ownFolder]).toEqual([true, '', '']);
  });

  test('is gone when the form is filled with what is known here', () => {
    const launch = useLaunch();
    launch.fillFromElsewhere(poisoned);
    launch.fill({ ...EMPTY_SPEC, target: '/mine.py' });
    expect(launch.origin).toBe('here');
  });
});

describe('what there is to choose from', () => {
  test('is read at the start, when nobody has agreed to run what lies in the folder', async () => {
    const launch = useLaunch();
    fake.answers.set('launch.recents', [{ id: 1 }, { id: 2 }]);
    fake.answers.set('launch.samples', [{ name: 's' }]);
    fake.answers.set('interpreters.list', [{ path: '/p' }]);
    const loading = launch.load('/here');
    expect(launch.listing).toBe(true);
    await loading;
    expect([launch.recents.length, launch.samples.length, launch.interpreters.length, launch.listing]).toEqual([2, 1, 1, false]);
    expect(fake.call).toHaveBeenCalledWith('interpreters.list', { cwd: '/here', refresh: false, confirmed: false });
    await launch.forget(1);
    expect(launch.recents).toEqual([{ id: 2 }]);
    expect(fake.call).toHaveBeenCalledWith('launch.forget', { id: 1 });
  });

  test.each([
    ['the user’s own', true, true],
    ['a stranger’s', false, false],
  ])('is looked for again in the folder where it is %s', async (_, own, confirmed) => {
    const launch = useLaunch();
    if (!own) launch.fillFromElsewhere({ ...EMPTY_SPEC, target: '/x.py' });
    await launch.loadInterpreters('/here', true);
    expect(fake.call).toHaveBeenCalledWith('interpreters.list', { cwd: '/here', refresh: true, confirmed });
  });

  test('that cannot be listed is no longer being listed', async () => {
    fake.answers.set('interpreters.list', () => Promise.reject(new FakeCallError('internal')));
    await expect(useLaunch().loadInterpreters('', false)).rejects.toThrow('internal');
    expect(useLaunch().listing).toBe(false);
  });

  test('another interpreter stands beside those that are known', async () => {
    const launch = useLaunch();
    fake.answers.set('interpreters.list', [{ path: '/a' }]);
    await launch.loadInterpreters('', false);
    fake.answers.set('interpreters.check', { path: '/b' });
    expect(await launch.checkInterpreter('python')).toEqual({ path: '/b' });
    expect(fake.call).toHaveBeenCalledWith('interpreters.check', { path: 'python' });
    expect(launch.interpreters.map(({ path }) => path)).toEqual(['/a', '/b']);
  });
});

describe('the form', () => {
  test('is blank with spaces alone, and lends its own interpreter and folder', () => {
    const launch = useLaunch();
    launch.edit({ target: '  ', interpreter: '/py', cwd: '/here' });
    expect([launch.isBlank, launch.ownInterpreter, launch.ownFolder]).toEqual([true, '/py', '/here']);
  });

  test('filled anew forgets what was wrong before, and is checked', async () => {
    vi.useFakeTimers();
    const launch = useLaunch();
    Object.assign(launch, { problems: [missing], argsFault: true });
    launch.fill({ ...EMPTY_SPEC, target: '/x', args: ['a'] });
    expect([launch.problems, launch.argsFault, launch.spec.args]).toEqual([[], false, ['a']]);
    await vi.advanceTimersByTimeAsync(249);
    expect(fake.call).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    vi.useRealTimers();
    expect(fake.call).toHaveBeenCalledWith('launch.check', { spec: launch.spec, confirmed: true }, expect.anything());
  });

  test.each([
    ['an edit', () => useLaunch().edit({ cwd: '/x' })],
    ['the environment', () => useLaunch().setEnv([])],
    ['consent', () => useLaunch().setConsent(true)],
  ])('is checked after each change: %s', async (_, change) => {
    vi.useFakeTimers();
    change();
    await vi.advanceTimersByTimeAsync(250);
    vi.useRealTimers();
    expect(fake.call.mock.calls.map(([method]) => method)).toEqual(['launch.check']);
  });

  test('once agreed to lends its interpreter and folder as if it were the user’s own', () => {
    const launch = useLaunch();
    launch.fillFromElsewhere({ ...EMPTY_SPEC, interpreter: '/py', cwd: '/there' });
    launch.setConsent(true);
    expect([launch.needsConsent, launch.ownInterpreter, launch.ownFolder]).toEqual([false, '/py', '/there']);
  });

  test('begins empty: nothing is known, wrong or under way', () => {
    const { env, argsFault, problems, checking, listing, interpreters, recents, samples } = useLaunch();
    expect({ env, argsFault, problems, checking, listing, interpreters, recents, samples }).toEqual({
      ...{ env: [], argsFault: false, problems: [], checking: false, listing: false },
      ...{ interpreters: [], recents: [], samples: [] },
    });
  });

  test('a variable without a name, and one without a value, are still said', () => {
    const launch = useLaunch();
    launch.setEnv([
      { name: '', value: 'x', unset: false },
      { name: 'EMPTY', value: '', unset: false },
    ]);
    expect(launch.spec.env).toEqual({ '': 'x', EMPTY: '' });
  });

  test('is being checked until the newest answer is there', async () => {
    const launch = useLaunch();
    const answers = [Promise.withResolvers<unknown>(), Promise.withResolvers<unknown>()];
    let next = 0;
    fake.answers.set('launch.check', () => answers[next++]?.promise);
    const [first, second] = [launch.check(), launch.check()];
    answers[0]?.resolve([]);
    await first;
    expect(launch.checking).toBe(true);
    answers[1]?.resolve([missing]);
    expect(await second).toEqual([missing]);
    expect(launch.checking).toBe(false);
  });
});
