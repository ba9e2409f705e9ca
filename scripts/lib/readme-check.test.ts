import { describe, expect, it } from 'vitest';
import { checkReadmes } from './readme-check.ts';
import type { SourceFile } from './room-check.ts';

const files = (change: Record<string, string>): SourceFile[] =>
  Object.entries({
    'package.json': '{ "engines": { "node": ">=22.18" } }',
    'README.md': 'Needs Node 22.18 or later. `house` is the house.',
    'house/README.md': '`attic/` is above, `cellar` below.',
    'house/attic/a.ts': '',
    'house/cellar/deep/b.ts': '',
    ...change,
  }).map(([path, text]) => ({ path, text }));
const rooms = ['house', 'house/attic', 'house/cellar', 'house/not-built-yet'].map((at) => ({ name: at, at, may: [] }));
const check = (change: Record<string, string>): string[] => checkReadmes(files(change), { rooms });

describe('READMEs', () => {
  it('that name every room and the same Node are in order', () => {
    expect(check({})).toEqual([]);
  });

  it('that leave a room out, or only speak of something like it, are told', () => {
    expect(check({ 'house/README.md': '`attic` is above; down is the cellar, `cellars`.' })).toEqual([
      'house/README.md does not name `cellar`: say what the room is for',
    ]);
    expect(check({ 'README.md': 'Node 22.18' })).toEqual(['README.md does not name `house`: say what the room is for']);
  });

  it('must be there', () => {
    const left = files({}).filter(({ path }) => path !== 'house/README.md');
    expect(checkReadmes(left, { rooms })).toHaveLength(2);
  });

  it.each(['`house` with Node 20 or later', '`house` with Node 22 or later', '`house` with any Node'])('that say "%s" are told', (text) => {
    expect(check({ 'README.md': text })).toEqual([expect.stringMatching(/^README\.md asks for Node .*, package\.json for 22\.18$/)]);
  });
});
