import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LaunchSpec } from '../../../src-preload/contract/index.ts';
import { silentLog } from '../base/log.ts';
import { ConfirmedLaunches } from './confirmed-launches.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'heapscope-confirmed-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const spec = (change: Partial<LaunchSpec> = {}): LaunchSpec => ({
  mode: 'script',
  interpreter: '',
  target: '/home/me/app.py',
  args: ['--port', '80'],
  cwd: '/home/me',
  env: { A: '1', B: null },
  intervalMs: 100,
  tracemallocFrames: 0,
  sampling: 0,
  ...change,
});
const list = (before: LaunchSpec[] = []): ConfirmedLaunches =>
  new ConfirmedLaunches(
    folder,
    silentLog,
    before.map((each) => ({ spec: each })),
  );
const code = (launches: ConfirmedLaunches, asked: LaunchSpec): string => {
  try {
    launches.mustHave(asked);
    return 'known';
  } catch (thrown) {
    return (thrown as { code: string }).code;
  }
};

test.each<Partial<LaunchSpec>>([
  { mode: 'code' },
  { interpreter: '/tmp/evil/python' },
  { target: '/home/me/other.py' },
  { args: ['--port 80'] },
  { args: [] },
  { cwd: '/tmp' },
  { env: { A: '1', B: null, LD_PRELOAD: '/tmp/evil.so' } },
  { env: { A: '1', B: '' } },
  { env: {} },
])('given one launch that was confirmed, when it comes back with %j, then it is not known', (change) => {
  const launches = list();
  launches.add(spec());
  expect(code(launches, spec(change))).toBe('launch.unconfirmed');
});

test('given one that is not known, when asked for, then the error has all that would run', () => {
  expect(() => list().mustHave(spec({ interpreter: '/tmp/python', env: { LD_PRELOAD: '/tmp/e.so', HOME: null } }))).toThrowError(
    expect.objectContaining({
      code: 'launch.unconfirmed',
      facts: { program: 'app.py --port 80', interpreter: '/tmp/python', cwd: '/home/me', environment: 'LD_PRELOAD=/tmp/e.so\n-HOME' },
    }),
  );
});

test('given a list that cannot be read, when asked, then nothing is known', () => {
  list().add(spec());
  writeFileSync(join(folder, 'confirmed-launches.json'), '{"digests": ["nonsense"]}');
  expect(code(list(), spec())).toBe('launch.unconfirmed');
});

test('given a confirmed launch, when it differs only in how it is measured or in the order of variables, then it is known', () => {
  const launches = list();
  launches.add(spec());
  expect(code(launches, spec({ intervalMs: 10, tracemallocFrames: 5, env: { B: null, A: '1' } }))).toBe('known');
});

test('given two engines over one folder, when one of them confirms, then the other knows at once', () => {
  const [window, commandLine] = [list(), list()];
  window.add(spec({ target: 'a' }));
  commandLine.add(spec({ target: 'b' }));
  window.add(spec({ target: 'c' }));
  expect(['a', 'b', 'c'].map((target) => code(list(), spec({ target })))).toEqual(['known', 'known', 'known']);
});

test('given no list yet, when there are launches of an earlier version, then those are known', () => {
  const launches = list([spec()]);
  expect(code(launches, spec())).toBe('known');
  launches.add(spec({ target: 'b' }));
  expect(code(list(), spec())).toBe('known');
});

test('the list has a bound, is for nobody else to read, and holds no word of what was run', () => {
  const launches = list(Array.from({ length: 2_000 }, (_, n) => spec({ target: `/home/me/${n}.py` })));
  launches.add(spec({ target: '/home/me/new.py' }));
  expect(code(list(), spec({ target: '/home/me/1999.py' }))).toBe('launch.unconfirmed');
  expect(code(list(), spec({ target: '/home/me/1998.py' }))).toBe('known');
  const path = join(folder, 'confirmed-launches.json');
  expect(readFileSync(path, 'utf8')).not.toContain('.py');
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a launch that is confirmed again is in the list once, and so drives out no other', () => {
  const launches = list();
  for (let n = 0; n < 3; n++) launches.add(spec());
  const { digests } = JSON.parse(readFileSync(join(folder, 'confirmed-launches.json'), 'utf8')) as { digests: string[] };
  expect(digests).toHaveLength(1);
});

test('of a very long environment the error has the beginning', () => {
  const asked = spec({ env: { LONG: 'x'.repeat(5_000) } });
  const facts = { environment: `LONG=${'x'.repeat(3_995)}` };
  expect(() => list().mustHave(asked)).toThrowError(expect.objectContaining({ facts: expect.objectContaining(facts) as object }));
});
