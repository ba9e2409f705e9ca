import { describe, expect, it } from 'vitest';
import { checkText, forbiddenTexts } from './repository-check.ts';

const forbidden = forbiddenTexts('/srv/checkouts/heapscope', '/home/builder');
const check = (text: string, path = 'a.md'): string[] => checkText(path, text, forbidden);

describe('a tracked file may not hold', () => {
  it.each([
    ['the path of this checkout', 'see /srv/checkouts/heapscope/src-main', /a\.md:1 holds a path of one machine/],
    ['the home of this machine', 'const x = "/home/builder/.cache";', /path of one machine/],
    ['a home of root', `\ncd ${'/ro'}${'ot/'}x`, /a\.md:2/],
    ['a registry', `https://registry.npm${'js.org'}/left-pad`, /registry's host/],
  ])('%s', (_name, text, why) => {
    expect(check(text)).toEqual([expect.stringMatching(why)]);
  });

  it('a Python file of more than 400 lines', () => {
    expect(check('x = 1\n'.repeat(401), 'a.py')).toEqual([expect.stringMatching(/401 lines/)]);
    expect(check('x = 1\n'.repeat(400), 'a.py')).toEqual([]);
  });
});

it.each([
  '/home/ann/app.py in a test',
  'https://example.org/root/x',
  './work/x',
  'node_modules/root/x',
  '/home/builders/x',
  '$HOME/work/x',
])('%s is fine', (text) => {
  expect(check(text)).toEqual([]);
});
