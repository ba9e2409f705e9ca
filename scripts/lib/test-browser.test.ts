import { describe, expect, it } from 'vitest';
import { findBrowser } from './test-browser.ts';
import type { Machine } from './test-browser.ts';

function machine(there: string[], more: Partial<Machine> = {}): Machine {
  const files = new Set(there);
  return {
    platform: 'linux',
    env: { PATH: '/bin:/usr/bin' },
    isRoot: false,
    exists: (path) => files.has(path),
    playwrightBrowser: () => '/cache/chromium/chrome',
    run: () => false,
    ...more,
  };
}

describe('without a browser', () => {
  it('a name that leads nowhere is an error, not a skip', () => {
    expect(() => findBrowser(machine(['/usr/bin/chromium'], { env: { PATH: '/usr/bin', HEAPSCOPE_BROWSER: '/nowhere' } }))).toThrow(
      /not there/,
    );
  });

  it('says why there is none', () => {
    expect(findBrowser(machine([]))).toEqual({ found: false, why: expect.stringMatching(/no Chrome, Chromium or Edge/) });
  });

  it('does not install as an ordinary user', () => {
    const ran: string[] = [];
    findBrowser(machine(['/etc/debian_version'], { run: (command) => ran.push(command) > 0 }));
    expect(ran).toEqual([]);
  });

  it('says so when the installation fails', () => {
    expect(findBrowser(machine(['/etc/debian_version'], { isRoot: true }))).toEqual({
      found: false,
      why: expect.stringMatching(/apt-get could not/),
    });
  });
});

describe('a browser is found', () => {
  it('named by hand before all others', () => {
    const choice = findBrowser(machine(['/usr/bin/chromium', '/mine'], { env: { PATH: '/usr/bin', HEAPSCOPE_BROWSER: '/mine' } }));
    expect(choice).toMatchObject({ executable: '/mine' });
  });

  it('on PATH', () => {
    expect(findBrowser(machine(['/usr/bin/chromium', '/cache/chromium/chrome']))).toMatchObject({ executable: '/usr/bin/chromium' });
  });

  it("Playwright's own where none is installed", () => {
    expect(findBrowser(machine(['/cache/chromium/chrome']))).toMatchObject({ executable: null });
  });

  it('in the applications of macOS', () => {
    const edge = '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge';
    expect(findBrowser(machine([edge], { platform: 'darwin' }))).toMatchObject({ executable: edge });
  });

  it('in the program files of Windows', () => {
    const chrome = 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe';
    expect(findBrowser(machine([chrome], { platform: 'win32', env: { PROGRAMFILES: 'C:\\Program Files' } }))).toMatchObject({
      executable: chrome,
    });
  });

  it('installed now, as root on Debian', () => {
    const files = ['/etc/debian_version'];
    const run = (_command: string, args: string[]): boolean => (args.includes('chromium') ? files.push('/usr/bin/chromium') > 0 : true);
    const choice = findBrowser(machine([], { isRoot: true, run, exists: (path) => files.includes(path) }));
    expect(choice).toMatchObject({ executable: '/usr/bin/chromium', how: 'installed just now' });
  });
});
