import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { limitIn, openFilesAtMost } from './open-files.ts';

const line = (soft: string): string =>
  `Max processes             1000  1000  processes\nMax open files            ${soft}    1048576    files\n`;

describe('how many files may be open', () => {
  it('is the first of two limits, the one that holds', () => {
    expect(limitIn(line('4096'))).toBe(4096);
  });

  it('is as good as endless where there is no limit', () => {
    expect(limitIn(line('unlimited'))).toBe(1 << 20);
  });

  it('is what systems give at least where nothing is said', () => {
    expect(limitIn('')).toBe(1024);
  });

  it('is what holds for this process', () => {
    const known = process.platform === 'linux' ? Number(execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' })) : 1024;
    expect(openFilesAtMost()).toBe(known);
  });
});
