import { expect, test } from 'vitest';
import { menuTemplate, type MenuActions, type MenuFacts, type MenuItem } from './menu-template.ts';
import { wordsFor } from './words.ts';

const facts = (change: Partial<MenuFacts> = {}): MenuFacts => ({
  platform: 'linux',
  words: wordsFor('en', []),
  settings: { theme: 'system', language: 'system' },
  recents: [],
  recording: false,
  development: false,
  ...change,
});

function build(change: Partial<MenuFacts> = {}): { items: MenuItem[]; done: unknown[] } {
  const done: unknown[] = [];
  const actions: MenuActions = {
    action: (id) => done.push(id),
    openRecent: (path) => done.push(path),
    set: (settings) => done.push(settings),
    quit: () => done.push('quit'),
  };
  return { items: flat(menuTemplate(facts(change), actions)), done };
}

const flat = (items: readonly MenuItem[]): MenuItem[] => items.flatMap((item) => [item, ...flat(item.submenu ?? [])]);
const byId = (items: MenuItem[], id: string): MenuItem => items.find((item) => item.id === id) ?? expect.fail(`no ${id}`);

test.each(['linux', 'win32'] as const)('given %s, when built, then no key that a terminal needs is taken from the window', (platform) => {
  const registered = build({ platform }).items.filter((item) => item.accelerator !== undefined && item.registerAccelerator !== false);
  expect(registered.map((item) => item.accelerator)).toEqual(['Ctrl+Shift+W', 'Ctrl+Shift+Q']);
  for (const item of build({ platform }).items) {
    if (['undo', 'redo', 'cut', 'copy', 'paste', 'selectAll'].includes(item.role ?? '')) expect(item.registerAccelerator).toBe(false);
  }
});

test('given macOS, when built, then keys are those with Cmd alone, and the app has its own menu', () => {
  const { items } = build({ platform: 'darwin' });
  expect(byId(items, 'project.open')).toMatchObject({ accelerator: 'CmdOrCtrl+O', registerAccelerator: true, label: 'Open…' });
  expect(byId(items, 'record.mark').accelerator).toBeUndefined();
  expect(items.map((item) => item.role)).toEqual(expect.arrayContaining(['about', 'services', 'hide', 'windowMenu', 'close']));
});

test('given no recording, when built, then what needs one cannot be chosen', () => {
  for (const id of ['record.mark', 'record.collect', 'record.kill']) {
    expect(byId(build().items, id).enabled).toBe(false);
    expect(byId(build({ recording: true }).items, id).enabled).toBe(true);
  }
});

test('given recent projects, when built, then those that are gone or untitled are left out, and what stands in a name is shown', () => {
  const recent = (path: string, exists: boolean, untitled: boolean) => ({ path, name: path, lastOpened: 0, exists, untitled });
  const { items, done } = build({
    recents: [recent('/a&b\u202e.heapscope', true, false), recent('/gone.heapscope', false, false), recent('/u.heapscope', true, true)],
  });
  const shown = items.filter((item) => item.label?.includes('.heapscope'));
  expect(shown.map((item) => item.label)).toEqual(['/a&&b⟨U+202E⟩.heapscope']);
  shown[0]?.click?.();
  expect(done).toEqual(['/a&b\u202e.heapscope']);
});

test('given Chinese and a dark theme, when built, then words and marks say so', () => {
  const { items, done } = build({ words: wordsFor('system', ['zh-Hans-CN', 'en']), settings: { theme: 'dark', language: 'zh-CN' } });
  expect(items.filter((item) => item.checked).map((item) => item.label)).toEqual(['深色', '简体中文']);
  items.find((item) => item.label === 'English')?.click?.();
  expect(done).toEqual([{ language: 'en' }]);
});

test('given a package, when built, then developer tools are not there', () => {
  const roles = (development: boolean): unknown[] => build({ development }).items.map((item) => item.role);
  expect(roles(false)).not.toContain('toggleDevTools');
  expect(roles(true)).toContain('toggleDevTools');
});
