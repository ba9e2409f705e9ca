import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { ConsolePart } from '../../../src-preload/contract/index.ts';
import { ConsoleSearch } from './console-search.ts';
import type { ProjectFile } from './project-file.ts';
import { newSession, TestFolder } from './testing.ts';
import type { SessionWriter } from './writer.ts';

function search(parts: readonly string[], text: string, matchCase = true, limit = 10): ConsoleSearch {
  const found = new ConsoleSearch(text, matchCase, limit);
  let offset = 0;
  parts.forEach((part, i) => {
    const data = Buffer.from(part);
    found.feed({ offset, t: i * 10, data });
    offset += data.length;
  });
  found.end();
  return found;
}

describe('searching the console', () => {
  it('finds nothing for no text, or text that is not there', () => {
    expect(search(['hello\n'], '').total).toBe(0);
    expect(search(['hello\n'], 'x'.repeat(2000)).total).toBe(0);
    expect(search(['hello\n'], 'hellx').total).toBe(0);
    expect(search(['hel\nlo\n'], 'hello').total).toBe(0);
  });

  it('sees through control sequences', () => {
    const parts = ['\x1b[1;31mer', '\x1b[0mror\x1b]0;title with error\x07 her\x1b(Be\x1b]8;;http://error\x1b\\!\x1b[?25h\n'];
    const { total, hits } = search(parts, 'error here!');
    expect(total).toBe(1);
    expect(hits[0]).toEqual({ offset: 7, t: 0, line: 'error here!', start: 0, length: 11 });
  });

  it('sees through borders of parts anywhere, even within a character', () => {
    const bytes = Buffer.from('\x1b[32mgr\u00fc\u00dfe\x1b[0m \u4f60\u597d\n');
    for (let at = 1; at < bytes.length; at++) {
      const found = new ConsoleSearch('\u00fc\u00dfe \u4f60', true, 5);
      found.feed({ offset: 0, t: 0, data: bytes.subarray(0, at) });
      found.feed({ offset: at, t: 1, data: bytes.subarray(at) });
      found.end();
      expect(found.hits).toMatchObject([{ offset: 7, line: 'gr\u00fc\u00dfe \u4f60\u597d', start: 2, length: 5 }]);
    }
  });

  it('takes characters of patterns as they are, and case as asked', () => {
    expect(search(['a.c abc A.C\n'], 'a.c').total).toBe(1);
    expect(search(['a.c abc A.C\n'], 'a.c', false).total).toBe(2);
    expect(search(['[x](y)\n'], '[x](').total).toBe(1);
    expect(search(['STRASSE \u0130\u0130\u0130 strasse\n'], 'Strasse', false).hits[1]).toMatchObject({ start: 12, length: 7 });
  });

  it('ends a line where the program writes over it', () => {
    expect(search(['10 %\r20 %\r\n'], '10 %20').total).toBe(0);
    expect(search(['10 %\r20 %\r\n'], '20 %').hits[0]).toMatchObject({ offset: 5, line: '20 %' });
  });

  it('gives the place among bytes that are no text, or the beginning of their line', () => {
    const found = new ConsoleSearch('word', true, 5);
    found.feed({ offset: 0, t: 0, data: Buffer.from('\xff\xfe word\nand a word\n', 'latin1') });
    found.end();
    expect(found.hits.map(({ offset, start }) => [offset, start])).toEqual([
      [0, 3],
      [14, 6],
    ]);
  });

  it('never matches over the end of a line', () => {
    expect(search(['a\nb\n'], 'a\nb').total).toBe(0);
    expect(search(['x\n'.repeat(50_000), 'y'], 'x').total).toBe(50_000);
  });

  it('counts all places and gives the first ones', () => {
    const { total, hits } = search(['ab'.repeat(100_000), '\nab\n'], 'ab', true, 3);
    expect(total).toBe(100_001);
    expect(hits.map(({ offset }) => offset)).toEqual([0, 2, 4]);
  });

  it('finds each place of an endless line once, with its place', () => {
    const line = Array.from({ length: 20_000 }, (_, i) => `item${i};`).join('');
    for (const at of [0, 1, 2339, 9999, 19_999]) {
      const { total, hits } = search([line.slice(0, 70_001), line.slice(70_001)], `item${at};`);
      expect(total).toBe(1);
      expect(hits[0]).toMatchObject({ offset: line.indexOf(`item${at};`) });
      expect(hits[0]!.line.length).toBeLessThanOrEqual(400);
      expect(hits[0]!.line.slice(hits[0]!.start, hits[0]!.start + hits[0]!.length)).toBe(`item${at};`);
    }
  });

  it('finds a place once, wherever it lies to the border of what is searched at a time, and whatever is before it', () => {
    const border = 32 * 1024;
    for (let at = border - 7; at <= border + 1; at++) {
      for (const before of [
        'x'.repeat(at),
        `${'x'.repeat(at - 9)}\n${'y'.repeat(8)}`,
        `${'ü'.repeat(at >> 1)}${'x'.repeat(at & 1)}`,
        '\n'.repeat(at),
      ]) {
        const { total, hits } = search([`${before}needle and\n`, 'more\n'], 'needle');
        expect([total, hits[0]?.offset]).toEqual([1, at]);
        expect(hits[0]?.line.slice(hits[0].start, hits[0].start + 6)).toBe('needle');
      }
    }
  });

  it('goes on after a control string that never ends, and over what was cut', () => {
    expect(search(['\x1b]0;' + 'x'.repeat(20_000), '\nfound\n'], 'found').total).toBe(1);
    const found = new ConsoleSearch('one two', true, 5);
    found.feed({ offset: 0, t: 0, data: Buffer.from('one ') });
    found.feed({ offset: 100, t: 0, data: Buffer.from('two') });
    found.end();
    expect(found.total).toBe(0);
  });
});

describe('what a person does not read', () => {
  const seen = (text: string, what = 'ab'): number => search([text, '\n'], what).total;

  it.each([
    ['the letters that end a sequence first and last', 'a\x1b[3@b a\x1b[3~b', 2],
    ['a letter before them and one behind ends none', 'a\x1b[3?b a\x1b[3 b', 0],
    [
      'strings of every kind, ended by a bell or by ESC \\',
      ['P', 'X', '^', '_', ']'].map((kind) => `a\x1b${kind}x\x07b a\x1b${kind}x\x1b\\b`).join(' '),
      10,
    ],
    ['an escape with something between', 'a\x1b(Bb a\x1b#8b a\x1b /b', 2],
    ['an escape of one letter', 'a\x1b7b a\x1bMb', 2],
    ['a sequence that is given up', 'a\x1b[3\x18b a\x1b]0;x\x1ab', 2],
    ['an escape within another', 'a\x1b[3\x1b[1mb a\x1b]x\x1b[1mb', 2],
    ['bells, backspaces and DEL', 'a\x07b a\x08b a\x7fb', 3],
  ])('is seen through: %s', (_, text, total) => {
    expect(seen(text)).toBe(total);
  });

  it('is no tab, and no space, and not what comes in an escape’s own bytes', () => {
    expect([seen('a\tb', 'a\tb'), seen('a b', 'a b'), seen('\x1b[ab\x1b]ab\x07'), seen('\x1b[1m\ta', '\ta')]).toEqual([1, 1, 0, 1]);
    expect([seen('a\x1b[1\t2mb'), seen('a\x1b[1\n2mb')]).toEqual([1, 1]);
  });

  it('is a control string up to 8 KiB', () => {
    const after = (length: number): number => seen(`\x1b]${'x'.repeat(length)}ab`);
    expect([after(8192), after(8193)]).toEqual([0, 1]);
  });

  it('ends where bytes are missing', () => {
    const found = new ConsoleSearch('ab', true, 5);
    found.feed({ offset: 0, t: 0, data: Buffer.from('\x1b]0;') });
    found.feed({ offset: 100, t: 7, data: Buffer.from('xab') });
    found.end();
    expect(found.hits).toEqual([{ offset: 101, t: 7, line: 'xab', start: 1, length: 2 }]);
  });
});

describe('a place that was found', () => {
  const hitIn = (line: string, text = 'HERE') => search([`${line}\n`], text).hits[0];

  it('is shown with its whole line up to 400 characters, of a longer one with 120 before it', () => {
    expect(hitIn(`${'x'.repeat(396)}HERE`)).toMatchObject({ offset: 396, start: 396, length: 4, line: `${'x'.repeat(396)}HERE` });
    const long = hitIn(`${'x'.repeat(397)}HERE`);
    expect([long?.start, long?.length, long?.line]).toEqual([120, 4, `${'x'.repeat(120)}HERE`]);
    const early = hitIn(`${'x'.repeat(119)}HERE${'y'.repeat(500)}`);
    expect([early?.start, early?.line.length, early?.line.startsWith('xxx')]).toEqual([119, 400, true]);
    expect(hitIn(`${'x'.repeat(500)}${'z'.repeat(600)}`, 'z'.repeat(600))).toMatchObject({ start: 120, length: 280 });
  });

  it('is of a text of a thousand characters at most', () => {
    expect([search(['x'.repeat(1000)], 'x'.repeat(1000)).total, search(['x'.repeat(1001)], 'x'.repeat(1001)).total]).toEqual([1, 0]);
  });

  it('has the time of the part it began in', () => {
    expect(search(['one\n', 'two th', 'ree\n'], 'three').hits[0]).toMatchObject({ t: 10, offset: 8 });
  });
});

const KB = 1024;

function join(parts: readonly ConsolePart[]): string {
  return Buffer.concat(parts.map(({ data }) => data)).toString('latin1');
}

function record(project: ProjectFile, consoleLimit: number): SessionWriter {
  return project.newSession(newSession({ consoleLimit }));
}

describe('the console of a session', () => {
  it('gives back what was shown, with its times, before and after it is in the file', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const writer = record(project, 100 * KB);
    expect(writer.appendConsole(10, Buffer.from('first '))).toMatchObject({ offset: 0, t: 10 });
    writer.appendConsole(500, Buffer.from('second\n'));
    const read = (): unknown =>
      project.console.read(writer.id, 0, 1000).map(({ offset, t, data }) => [offset, t, Buffer.from(data).toString()]);
    const shown = [
      [0, 10, 'first '],
      [6, 500, 'second\n'],
    ];
    expect(read()).toEqual(shown);
    writer.flush();
    expect(read()).toEqual(shown);
    expect(project.console.read(writer.id, 4, 4).map(({ offset, data }) => [offset, Buffer.from(data).toString()])).toEqual([
      [4, 't '],
      [6, 'se'],
    ]);
    expect(project.console.info(writer.id)).toEqual({ total: 13, cutFrom: 13, cut: 0, columns: 80, rows: 24 });
    project.close();
    const again = folder.open();
    expect(join(again.console.read(writer.id, 0, 1000))).toBe('first second\n');
    again.close();
  });

  it('does not keep the caller\u2019s buffer', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const writer = record(project, 100 * KB);
    const buffer = Buffer.from('kept');
    writer.appendConsole(0, buffer);
    buffer.fill(0);
    expect(join(project.console.read(writer.id, 0, 10))).toBe('kept');
    project.close();
  });

  it('keeps the beginning and the end, and says what was cut', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const limit = 400 * KB;
    const writer = record(project, limit);
    const line = (i: number): string => `line ${String(i).padStart(8, '0')} of a program that talks\n`;
    const all = Array.from({ length: 50_000 }, (_, i) => line(i)).join('');
    for (let at = 0; at < all.length; at += 7001) {
      writer.appendConsole(at, Buffer.from(all.slice(at, at + 7001)));
      if (at % 3 === 0) writer.flush();
    }
    writer.finish({ state: 'ended', exit: null, duration: 1 });
    const { total, cutFrom, cut } = project.console.info(writer.id);
    expect([total, cutFrom]).toEqual([all.length, 100 * KB]);
    expect(total - cut).toBeGreaterThanOrEqual(limit);
    expect(total - cut).toBeLessThan(limit + 64 * KB);
    expect(join(project.console.read(writer.id, 0, total))).toBe(all.slice(0, cutFrom) + all.slice(cutFrom + cut));
    expect(project.console.read(writer.id, cutFrom + 5, 10)[0]!.offset).toBe(cutFrom + cut);
    expect(project.console.search(writer.id, 'line 00049999', true, 1)).toMatchObject({ total: 1, searched: total - cut, printed: total });
    expect(project.console.search(writer.id, 'line 00020000', true, 1).total).toBe(0);
    project.close();
    const again = folder.open();
    expect(again.console.info(writer.id)).toEqual({ total, cutFrom, cut, columns: 80, rows: 24 });
    expect(join(again.console.read(writer.id, cutFrom - 3, 6))).toBe(
      all.slice(cutFrom - 3, cutFrom) + all.slice(cutFrom + cut, cutFrom + cut + 3),
    );
    again.close();
  });

  it('keeps what comes within fifty milliseconds together, 64 KiB at most', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const writer = record(project, 8 << 20);
    const shown = (): [number, number, number][] =>
      project.console.read(writer.id, 0, 1 << 20).map(({ offset, t, data }) => [offset, t, data.length]);
    for (const [t, text] of [
      [100, 'a'],
      [150, 'b'],
      [151, 'c'],
    ] as const)
      writer.appendConsole(t, Buffer.from(text));
    expect(shown()).toEqual([
      [0, 100, 2],
      [2, 151, 1],
    ]);
    writer.appendConsole(151, Buffer.alloc(64 * KB));
    expect(shown().slice(1)).toEqual([
      [2, 151, 64 * KB],
      [2 + 64 * KB, 151, 1],
    ]);
    writer.appendConsole(900, Buffer.alloc(64 * KB + 1));
    const before = shown();
    expect(before.slice(3)).toEqual([
      [3 + 64 * KB, 900, 64 * KB],
      [3 + 128 * KB, 900, 1],
    ]);
    writer.flush();
    expect(shown()).toEqual(before);
    project.close();
  });

  it('has times from the start on, in whole milliseconds', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const writer = record(project, 8 << 20);
    expect([-5, NaN, 1.6].map((t) => writer.appendConsole(t, Buffer.from('x')).t)).toEqual([0, 0, 2]);
    project.close();
  });

  it('keeps a quarter of its limit for the beginning, a mebibyte at most, in rows of its own', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const [small, large] = [record(project, 8 * KB), record(project, 16 << 20)];
    small.appendConsole(0, Buffer.alloc(3 * KB));
    expect(project.console.read(small.id, 0, 9 * KB).map(({ data }) => data.length)).toEqual([2 * KB, KB]);
    expect(project.console.info(small.id)).toMatchObject({ total: 3 * KB, cutFrom: 2 * KB, cut: 0 });
    large.appendConsole(0, Buffer.alloc(2 << 20));
    expect(project.console.info(large.id).cutFrom).toBe(1 << 20);
    project.close();
  });

  it('loses nothing up to its limit, and then the oldest behind the beginning, whole rows of it', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const writer = record(project, 8 * KB);
    const more = (t: number): number => {
      writer.appendConsole(t, Buffer.alloc(KB, t % 251));
      writer.flush();
      return project.console.info(writer.id).cut;
    };
    const cuts = Array.from({ length: 12 }, (_, i) => more(1000 * i));
    expect(cuts).toEqual([0, 0, 0, 0, 0, 0, 0, 0, KB, 2 * KB, 3 * KB, 4 * KB]);
    expect(project.console.read(writer.id, 0, 99 * KB).map(({ t }) => t / 1000)).toEqual([0, 1, 6, 7, 8, 9, 10, 11]);
    project.close();
  });

  it('is read up to a number of bytes, from anywhere', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const writer = record(project, 100 * KB);
    for (const t of [0, 1000]) writer.appendConsole(t, Buffer.from('abc'));
    const read = (offset: number, limit: number): string => join(project.console.read(writer.id, offset, limit));
    expect([read(0, 0), read(0, 3), read(2, 2), read(3, 9), read(5, 1), read(6, 1)]).toEqual(['', 'abc', 'ca', 'abc', 'c', '']);
    expect(project.console.read(writer.id, 0, 3)).toHaveLength(1);
    project.close();
  });

  it('is as wide and high as it was made last', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const writer = record(project, 100 * KB);
    writer.resizeConsole(120, 50);
    writer.finish({ state: 'ended', exit: null, duration: 1 });
    expect(project.console.info(writer.id)).toMatchObject({ columns: 120, rows: 50 });
    project.close();
  });

  it('goes without a row that is damaged', () => {
    using folder = new TestFolder();
    const project = folder.create();
    const writer = record(project, 100 * KB);
    const texts = ['first ', `${'long '.repeat(200)}`, 'third'];
    texts.forEach((text, i) => writer.appendConsole(1000 * i, Buffer.from(text)));
    writer.finish({ state: 'ended', exit: null, duration: 1 });
    project.close();
    const path = folder.file('a.heapscope');
    for (const [change, shown] of [
      ["data = x'00' WHERE start = 6", 'first third'],
      ['t = t + 1 WHERE start = 0', 'third'],
    ] as const) {
      const db = new DatabaseSync(path);
      expect(
        db
          .prepare('SELECT packed FROM console ORDER BY start')
          .all()
          .map(({ packed }) => packed),
      ).toEqual([0, 1, 0]);
      db.exec(`UPDATE console SET ${change}`);
      db.close();
      const again = folder.open();
      expect(join(again.console.read(writer.id, 0, 10 * KB))).toBe(shown);
      again.close();
    }
  });
});
