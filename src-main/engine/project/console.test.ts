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

  it('goes on after a control string that never ends, and over what was cut', () => {
    expect(search(['\x1b]0;' + 'x'.repeat(20_000), '\nfound\n'], 'found').total).toBe(1);
    const found = new ConsoleSearch('one two', true, 5);
    found.feed({ offset: 0, t: 0, data: Buffer.from('one ') });
    found.feed({ offset: 100, t: 0, data: Buffer.from('two') });
    found.end();
    expect(found.total).toBe(0);
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
    expect(project.console.search(writer.id, 'line 00049999', true, 1).total).toBe(1);
    expect(project.console.search(writer.id, 'line 00020000', true, 1).total).toBe(0);
    project.close();
    const again = folder.open();
    expect(again.console.info(writer.id)).toEqual({ total, cutFrom, cut, columns: 80, rows: 24 });
    expect(join(again.console.read(writer.id, cutFrom - 3, 6))).toBe(
      all.slice(cutFrom - 3, cutFrom) + all.slice(cutFrom + cut, cutFrom + cut + 3),
    );
    again.close();
  });
});
