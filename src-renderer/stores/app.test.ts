import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as api from '../api/index.ts';
import type { Settings, ShellState } from '../../src-preload/contract/index.ts';
import { useApp } from './app.ts';
import { fakeOf, freshStores } from './testing.ts';

const link = vi.hoisted(() => ({ connection: [] as ((state: string) => void)[], resync: [] as (() => void)[] }));
vi.mock('../api/index.ts', async () => {
  const { fakeApi, FakeCallError } = await import('./testing.ts');
  return {
    ...fakeApi(),
    CallError: FakeCallError,
    onConnection: (listener: (state: string) => void) => link.connection.push(listener),
    onResync: (listener: () => void) => link.resync.push(listener),
    connect: async () => undefined,
    connectionState: () => 'open',
  };
});

const fake = fakeOf(api);
const SETTINGS: Settings = { theme: 'system', language: 'system', window: '{}', consoleLimit: 1 };

beforeEach(() => {
  freshStores(fake);
  fake.answers.set('app.info', { platform: 'linux', start: { open: ['/a'], record: null } });
  fake.answers.set('settings.get', SETTINGS);
});
afterEach(() => vi.unstubAllGlobals());

describe('the connection', () => {
  test('was open once it was, also after it is lost', async () => {
    const app = useApp();
    expect([app.connection, app.wasOpen]).toEqual(['connecting', false]);
    await app.start();
    expect([app.connection, app.wasOpen]).toEqual(['open', true]);
    link.connection.at(-1)?.('lost');
    expect([app.connection, app.wasOpen]).toEqual(['lost', true]);
  });

  test('that the engine ended itself comes with its reason, and is over when another is found', async () => {
    const app = useApp();
    await app.start();
    const end = { signal: 'SIGINT' as const, recordings: [{ name: 'shop.py', path: '/shop.heapscope' }] };
    fake.engineEnd.mockReturnValueOnce(end);
    link.connection.at(-1)?.('ended');
    expect([app.connection, app.end, app.isConnected]).toEqual(['ended', end, false]);
    link.connection.at(-1)?.('connected');
    expect([app.connection, app.end, app.isConnected]).toEqual(['connected', null, true]);
  });

  test('that missed events has all read again', () => {
    const reload = vi.fn();
    useApp().onMissedEvents(reload);
    link.resync.at(-1)?.();
    expect(reload).toHaveBeenCalledTimes(1);
  });
});

test('settings that another window changed are in use here', async () => {
  const app = useApp();
  await app.start();
  fake.emit('settings.changed', { ...SETTINGS, theme: 'dark' });
  expect(app.theme).toBe('dark');
});

test.each([
  ['darwin', true],
  ['linux', false],
])('keys are those of the engine’s machine: %s', async (platform, mac) => {
  fake.answers.set('app.info', { platform, start: { open: [], record: null } });
  expect(useApp().isMac).toBe(false);
  await useApp().start();
  expect(useApp().isMac).toBe(mac);
});

test('what was asked for at the start is nothing before the engine is known, and what else is known stays', async () => {
  const app = useApp();
  expect(app.takeStart()).toEqual({ open: [], record: null });
  expect(app.info).toBeNull();
  await app.start();
  expect(app.takeStart().open).toEqual(['/a']);
  expect(app.info).toEqual({ platform: 'linux', start: { open: [], record: null } });
});

test('the shell hears of the window where there is one', () => {
  const state = {} as ShellState;
  const report = vi.fn();
  useApp().report(state);
  fake.shell.mockReturnValueOnce({ report });
  useApp().report(state);
  expect(report.mock.calls).toEqual([[state]]);
});

test('theme and language of the system are followed as they change', () => {
  let changed: (event: { matches: boolean }) => void = () => undefined;
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: (_: string, listener: typeof changed) => (changed = listener) }));
  const language = vi.spyOn(navigator, 'language', 'get').mockReturnValue('zh-CN');
  const app = useApp();
  app.followSystem();
  expect([app.theme, app.language]).toEqual(['dark', 'zh-CN']);
  changed({ matches: false });
  language.mockReturnValue('de-AT');
  window.dispatchEvent(new Event('languagechange'));
  expect([app.theme, app.language, app.systemLanguage]).toEqual(['light', 'en', 'de-AT']);
  language.mockRestore();
});
