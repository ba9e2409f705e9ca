import { mkdirSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dumpsByKey, isWanted, untilWhole, writeNote } from './left-dumps.ts';

const DAY = 24 * 3600_000;
/** The last block: a header of 16 bytes that begins with its tag, and a body of 32. */
const FOOTER = Buffer.concat([Buffer.from('END!'), Buffer.alloc(44)]);

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'heapscope-left-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A dump in the folder of a session; null: it was requested and not begun. */
function dump(name: string, data: Buffer | null, key: string | null = 'key'): string {
  const path = join(folder, 'abc-1', name);
  mkdirSync(dirname(path), { recursive: true });
  if (data !== null) writeFileSync(path, data);
  if (key !== null) writeNote(path, key);
  return path;
}
const aged = (path: string, ms: number): void => utimesSync(path, new Date(Date.now() - ms), new Date(Date.now() - ms));

describe('dumps that were left', () => {
  it('are known by the keys of their rows; what is no dump of ours, or has no note, is none', () => {
    const wanted = dump('10-1.heapdump', Buffer.alloc(1), 'one');
    const late = dump('10-12.heapdump', null, 'later');
    dump('10-3.heapdump', Buffer.alloc(1), null);
    dump('10-x.heapdump', null);
    dump('10-4.heapdump.more', null);
    mkdirSync(join(folder, 'abc-1', 'deeper'));
    writeNote(join(folder, 'abc-1', 'deeper', '10-5.heapdump'), 'too deep');
    writeNote(join(folder, '10-6.heapdump'), 'not in a session');
    expect([...dumpsByKey(folder).values()].sort()).toEqual([wanted, late].sort());
    expect(dumpsByKey(folder).get('later')).toBe(late);
  });

  it('are wanted for seven days, and only where there is one', () => {
    expect(isWanted(folder)).toBe(false);
    dump('10-1.heapdump', null);
    expect(isWanted(folder)).toBe(true);
    aged(folder, 7 * DAY - 60_000);
    expect(isWanted(folder)).toBe(true);
    aged(folder, 7 * DAY + 1);
    expect(isWanted(folder)).toBe(false);
  });
});

describe('a dump that was left', () => {
  it('is whole with its footer at the end, and not without', async () => {
    const whole = dump('10-1.heapdump', Buffer.concat([Buffer.alloc(1), FOOTER]));
    expect(await untilWhole(whole)).toBe(true);
    for (const data of [Buffer.alloc(0), FOOTER, Buffer.concat([Buffer.alloc(1), FOOTER, Buffer.alloc(1)]), Buffer.alloc(100)]) {
      const cut = dump('10-2.heapdump', data);
      aged(cut, 60_001);
      expect(await untilWhole(cut)).toBe(false);
    }
  });

  it('that is gone, or was asked for a minute ago and not begun, will not be whole', async () => {
    expect(await untilWhole(join(folder, 'gone.heapdump'))).toBe(false);
    const asked = dump('10-1.heapdump', null);
    aged(`${asked}.owner`, 60_001);
    expect(await untilWhole(asked)).toBe(false);
    mkdirSync(join(folder, 'abc-1', '10-2.heapdump'));
    expect(await untilWhole(join(folder, 'abc-1', '10-2.heapdump'))).toBe(false);
  });

  it('that stays empty for ten seconds, or is removed, will not be whole', async () => {
    const empty = dump('10-1.heapdump', Buffer.alloc(0));
    aged(empty, 10_001);
    expect(await untilWhole(empty)).toBe(false);
    const removed = dump('10-2.heapdump', Buffer.alloc(10));
    const waiting = untilWhole(removed);
    setTimeout(() => rmSync(removed), 50);
    expect(await waiting).toBe(false);
  });

  it('is no longer waited for once that was cancelled', async () => {
    const stop = new AbortController();
    const waiting = untilWhole(dump('10-1.heapdump', Buffer.alloc(10)), stop.signal);
    stop.abort();
    await expect(waiting).rejects.toThrow('aborted');
  });

  it('that is still written to, or not begun yet, is waited for', async () => {
    const growing = dump('10-1.heapdump', Buffer.alloc(10));
    const asked = dump('10-2.heapdump', null);
    const waiting = Promise.all([untilWhole(growing), untilWhole(asked)]);
    const first = await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 50, 'waits'))]);
    expect(first).toBe('waits');
    writeFileSync(growing, Buffer.concat([Buffer.alloc(10), FOOTER]));
    writeFileSync(asked, Buffer.concat([Buffer.alloc(1), FOOTER]));
    expect(await waiting).toEqual([true, true]);
    truncateSync(growing, 3);
    aged(growing, 60_001);
    expect(await untilWhole(growing)).toBe(false);
  });
});
