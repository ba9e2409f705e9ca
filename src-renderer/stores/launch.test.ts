import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as api from '../api/index.ts';
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
    const signals: AbortSignal[] = [];
    const answers: ((value: unknown) => void)[] = [];
    fake.call.mockImplementation((method, _args, options) => {
      if (method !== 'launch.check') return Promise.resolve({});
      signals.push((options as { signal: AbortSignal }).signal);
      return new Promise((resolve) => answers.push(resolve));
    });
    const first = launch.check();
    const second = launch.check();
    answers[1]?.([]);
    answers[0]?.([missing]);
    await Promise.all([first, second]);
    expect([signals[0]?.aborted, signals[1]?.aborted, launch.problems]).toEqual([true, false, []]);
    fake.call.mockReset();
    fake.call.mockImplementation(async (method) => fake.answers.get(method) ?? {});
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
    await launch.check();
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
