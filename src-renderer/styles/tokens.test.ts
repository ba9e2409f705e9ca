import { describe, expect, test } from 'vitest';
import css from './tokens.css?raw';
import { contrast, difference, seenBy } from './vision.ts';
import type { Vision } from './vision.ts';

function tokens(block: string): Map<string, string> {
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name = '', value = '']) => [name, value]));
}

const [light = '', dark = ''] = css.split(":root[data-theme='dark']");
const themes = [
  ['light', tokens(light)],
  ['dark', tokens(dark)],
] as const;

describe.each(themes)('%s', (_, theme) => {
  const value = (name: string): string => theme.get(name) ?? '';

  test.each(['text', 'text-dim', 'text-faint', 'accent', 'grow', 'shrink', 'error', 'warning', 'record', 'good'])(
    '%s can be read on the window and on bars',
    (name) => {
      expect(contrast(value(name), value('bg'))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(value(name), value('bg-frame'))).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each([
    ['on-accent', 'accent'],
    ['text', 'bg-selected'],
    ['text-dim', 'bg-selected'],
    ['accent', 'bg-selected'],
    ['text-faint', 'bg-raised'],
    ['warning', 'warning-bg'],
    ['error', 'error-bg'],
    ['grow', 'grow-bg'],
    ['shrink', 'shrink-bg'],
  ])('%s can be read on %s', (text, ground) => expect(contrast(value(text), value(ground))).toBeGreaterThanOrEqual(4.5));

  const flame = Array.from({ length: 8 }, (_one, n) => `flame-${n}`);

  test.each(flame)('names can be read on a box of colour %s', (ground) => {
    for (const text of ['text', 'text-dim']) expect(contrast(value(text), value(ground))).toBeGreaterThanOrEqual(4.5);
  });

  test('names can be read on what is found', () => expect(contrast(value('text'), value('match'))).toBeGreaterThanOrEqual(4.5));

  const processes = Array.from({ length: 10 }, (_one, n) => value(`process-${n}`));

  test('every process colour stands out from the ground', () => {
    for (const colour of processes) expect(contrast(colour, value('bg'))).toBeGreaterThanOrEqual(3);
  });

  test.each<[Vision, number]>([
    ['full', 20],
    ['protan', 9],
    ['deutan', 9],
    ['tritan', 9],
  ])('process colours stay apart for %s vision', (vision, least) => {
    for (const [i, a] of processes.entries()) {
      for (const b of processes.slice(i + 1))
        expect(difference(seenBy(a, vision), seenBy(b, vision)), `${a} ${b}`).toBeGreaterThanOrEqual(least);
    }
  });
});
