import { expect, test } from 'vitest';
import { findDesktop, screenProblem, type Machine } from './desktop.ts';

const machine = (change: Partial<Machine> = {}): Machine => ({
  platform: 'linux',
  env: { DISPLAY: ':0' },
  isRoot: false,
  exists: () => true,
  ...change,
});

test.each([
  ['over SSH, even with a forwarded display', { env: { SSH_CONNECTION: '1', DISPLAY: 'localhost:10.0' } }, 'this is an SSH session'],
  ['without a display', { env: {} }, 'there is no display'],
  ['as root on Linux', { isRoot: true }, 'Electron does not run as root (it would need --no-sandbox)'],
  ['without the binary', { exists: () => false }, "Electron's binary is not there (npx install-electron fetches it)"],
])('given a start %s, when the desktop is looked for, then it says why not', (_name, change, why) => {
  expect(findDesktop('/copy', machine(change))).toMatchObject({ found: false, why });
});

test('given a display and the binary, when looked for, then it is found, where it was put by hand too', () => {
  expect(findDesktop('/copy', machine())).toEqual({ found: true, executable: '/copy/node_modules/electron/dist/electron' });
  expect(findDesktop('/copy', machine({ env: { WAYLAND_DISPLAY: 'w', ELECTRON_OVERRIDE_DIST_PATH: '/e' } }))).toMatchObject({
    executable: '/e/electron',
  });
});

test('given macOS or Windows, when there is no DISPLAY, then there is a screen all the same', () => {
  for (const platform of ['darwin', 'win32'] as const) expect(screenProblem({ platform, env: {} })).toBeNull();
});
