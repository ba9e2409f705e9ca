import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../base/log.ts';
import { listSamples } from './samples.ts';
import { SettingsKeeper } from './settings.ts';
import { DEFAULT_PLAN, SnapshotDefaults } from './snapshot-defaults.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'heapscope-settings-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const settings = (): SettingsKeeper => new SettingsKeeper(folder, silentLog);

describe('settings', () => {
  const DEFAULTS = { theme: 'system', language: 'system', window: '', consoleLimit: 16 << 20 };

  it('change one by one, are told to those who listen, and are there at the next start', () => {
    const kept = settings();
    const told: unknown[] = [];
    kept.onChange.on((value) => told.push(value));
    expect(kept.get()).toEqual(DEFAULTS);
    kept.set({ theme: 'dark' });
    const both = kept.set({ language: 'zh-CN' });
    expect(both).toEqual({ ...DEFAULTS, theme: 'dark', language: 'zh-CN' });
    expect(told).toEqual([{ ...DEFAULTS, theme: 'dark' }, both]);
    expect([kept.get(), settings().get()]).toEqual([both, both]);
  });

  it.each([
    ['consoleLimit', 1 << 20, (1 << 20) - 1],
    ['consoleLimit', 1 << 30, (1 << 30) + 1],
    ['window', 'x'.repeat(262_144), 'x'.repeat(262_145)],
    ['theme', 'light', 'pink'],
    ['language', 'en', 'fr'],
  ])('of a file that holds what no window can have set are as at first: %s', (name, good, bad) => {
    const stored = (value: unknown): unknown => {
      writeFileSync(join(folder, 'settings.json'), JSON.stringify({ ...DEFAULTS, [name]: value }));
      return settings().get();
    };
    expect([stored(good), stored(bad)]).toEqual([{ ...DEFAULTS, [name]: good }, DEFAULTS]);
  });
});

describe('how the next recording takes snapshots', () => {
  it('is as last told; at first none by themselves, and no values of a program', () => {
    const defaults = new SnapshotDefaults(folder, silentLog);
    expect(defaults.get().rules).toEqual({ every: null, rssAbove: null, rssStep: null, atMark: null, atExit: false, limit: 50 });
    expect(defaults.get().options).toMatchObject({
      method: 'auto',
      collectFirst: false,
      previews: false,
      memoryLimit: null,
      joinPages: false,
    });
    expect(defaults.get().options.redact).toEqual(expect.arrayContaining(['password', 'token', 'cookie']));
    const plan = { ...DEFAULT_PLAN, rules: { ...DEFAULT_PLAN.rules, atExit: true } };
    defaults.set(plan);
    expect([defaults.get(), new SnapshotDefaults(folder, silentLog).get()]).toEqual([plan, plan]);
    expect(JSON.parse(readFileSync(join(folder, 'snapshots.json'), 'utf8'))).toEqual(plan);
  });

  it('is as at first where the file holds no plan', () => {
    writeFileSync(join(folder, 'snapshots.json'), '{"rules": {}, "options": {}}');
    expect(new SnapshotDefaults(folder, silentLog).get()).toEqual(DEFAULT_PLAN);
  });
});

it('samples are the programs of their folder, the leaky ones first', () => {
  for (const name of ['tidy.py', 'README.md', 'leaky_b.py', 'apples.py', 'leaky_a.py', 'not_leaky.py', '.py.txt'])
    writeFileSync(join(folder, name), '');
  const samples = listSamples(folder);
  expect(samples.map(({ name }) => name)).toEqual(['leaky_a.py', 'leaky_b.py', 'apples.py', 'not_leaky.py', 'tidy.py']);
  expect(samples[0]).toEqual({ id: 'leaky_a.py', name: 'leaky_a.py', path: join(folder, 'leaky_a.py') });
});
