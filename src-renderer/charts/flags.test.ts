import { describe, expect, it } from 'vitest';
import { DIAMOND, placeFlags } from './flags.ts';
import type { Flag, PlacedFlag } from './flags.ts';

const room = { width: 400, rows: 2, xOf: (t: number) => t, measure: (text: string) => text.length * 6 };
const flag = (id: number, t: number, text: string, tone: Flag['tone'] = 'info'): Flag => ({ id, t, text, tone });

const overlaps = (placed: readonly PlacedFlag[]): boolean =>
  placed.some((a) =>
    placed.some((b) => {
      if (a === b || a.textWidth === 0) return false;
      const [from, to] = [a.x + DIAMOND, a.x + DIAMOND + a.textWidth];
      const text = b.textWidth > 0 && a.row === b.row && from < b.x + DIAMOND + b.textWidth && b.x + DIAMOND < to;
      const diamond = a.row === 0 && b.x + DIAMOND > from && b.x - DIAMOND < to;
      return text || diamond;
    }),
  );

describe('flags on the timeline', () => {
  it('leaves out what is outside of the picture', () => {
    expect(placeFlags([flag(1, -50, 'a'), flag(2, 500, 'b')], room)).toEqual([]);
  });

  it('lets near flags share a diamond, and the mark speaks for them', () => {
    const placed = placeFlags([flag(1, 100, 'started'), flag(2, 103, 'loaded', 'mark')], room);
    expect(placed).toHaveLength(1);
    expect(placed[0]!.flag.text).toBe('loaded');
    expect(placed[0]!.all).toHaveLength(2);
  });

  it('gives the room to the mark where two want it', () => {
    const crowd = { ...room, rows: 1 };
    const placed = placeFlags([flag(1, 100, 'an event with a long name'), flag(2, 112, 'mark', 'mark')], crowd);
    expect(placed.map((one) => one.textWidth > 0)).toEqual([false, true]);
  });

  it('never overlaps, whatever comes', () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647;
    for (let round = 0; round < 200; round++) {
      const flags = Array.from({ length: 60 }, (_, id) =>
        flag(id, random() * 420 - 10, 'x'.repeat(1 + Math.floor(random() * 30)), random() < 0.3 ? 'mark' : 'info'),
      );
      expect(overlaps(placeFlags(flags, room))).toBe(false);
    }
  });
});
