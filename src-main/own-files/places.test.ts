import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataFolder, findPlaces } from './places.ts';

test('given HEAPSCOPE_DATA, when asked for the data folder, then it is that on every platform', () => {
  for (const platform of ['linux', 'darwin', 'win32'] as const) expect(dataFolder({ HEAPSCOPE_DATA: '/d' }, platform, '/h')).toBe('/d');
});

test.each([
  ['linux', {}, '/h/.local/share/heapscope'],
  ['linux', { XDG_DATA_HOME: '/x' }, '/x/heapscope'],
  ['darwin', {}, '/h/Library/Application Support/Heapscope'],
  ['win32', { LOCALAPPDATA: '/l' }, '/l/Heapscope'],
] as const)('given %s with %j, when asked for the data folder, then it is where such things belong', (platform, env, expected) => {
  expect(dataFolder(env, platform, '/h')).toBe(join(expected));
});

test('given a checkout, when asked for its places, then agent and package are there', () => {
  const places = findPlaces(null);
  expect(existsSync(places.agent)).toBe(true);
  expect(places.version).toMatch(/^\d+\.\d+\.\d+/);
});

test('given a package, when asked for its places, then what Python reads is outside the archive', () => {
  const places = findPlaces('/package/resources');
  expect(places.agent).toBe(join('/package/resources/python-agent'));
  expect(places.samples).toBe(join('/package/resources/samples'));
});
