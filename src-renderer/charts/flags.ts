import type { SessionTime } from '../../src-preload/contract/index.ts';

/** What a flag is about; decides its colour and its priority when two flags need the same space. */
export type FlagTone = 'mark' | 'warning' | 'info';

export interface Flag {
  id: number;
  t: SessionTime;
  text: string;
  tone: FlagTone;
}

export interface PlacedFlag {
  /** The flag whose text is shown: the most important of those at one place. */
  flag: Flag;
  /** All flags at this place, in time order: more than one if they are closer than a diamond is wide. */
  all: Flag[];
  x: number;
  row: number;
  /** Width of the text; 0: there is no room for it. */
  textWidth: number;
}

export interface FlagRoom {
  width: number;
  rows: number;
  xOf: (t: SessionTime) => number;
  /** Width of a text in pixels. */
  measure: (text: string) => number;
}

/** Half a diamond, the gap between a diamond and its text, and the gap between a text and the next diamond. */
export const DIAMOND = 5;
const GAP = 4;
/** A longer text is truncated when it is drawn. */
const MOST_TEXT = 160;

const RANK: Record<FlagTone, number> = { mark: 0, warning: 1, info: 2 };

/**
 * Places flags so that no two diamonds and no two texts overlap: near ones share a diamond, the more important text is placed first, a text
 * that fits in no row is left out (hovering shows it).
 */
export function placeFlags(flags: readonly Flag[], room: FlagRoom): PlacedFlag[] {
  const groups = group(flags, room);
  const taken: { from: number; to: number }[][] = Array.from({ length: Math.max(1, room.rows) }, () => []);
  const free = (row: number, from: number, to: number): boolean => taken[row]!.every((other) => to <= other.from || from >= other.to);
  // All diamonds are in the first row: texts there must not cover them.
  for (const { x } of groups) taken[0]!.push({ from: x - DIAMOND, to: x + DIAMOND });
  const byRank = [...groups].sort((a, b) => RANK[a.flag.tone] - RANK[b.flag.tone] || a.x - b.x);
  for (const placed of byRank) {
    const width = Math.min(MOST_TEXT, room.measure(label(placed)));
    const from = placed.x + DIAMOND;
    const to = from + GAP + width + GAP;
    if (to > room.width + GAP) continue;
    const row = taken.findIndex((_, index) => free(index, from, to));
    if (row < 0) continue;
    taken[row]!.push({ from, to });
    placed.row = row;
    placed.textWidth = width;
  }
  return groups;
}

/** The label of a placed flag: its text, and how many others are at the same place. */
export const label = ({ flag, all }: PlacedFlag): string => (all.length > 1 ? `${flag.text} +${all.length - 1}` : flag.text);

function group(flags: readonly Flag[], { xOf, width }: FlagRoom): PlacedFlag[] {
  const groups: PlacedFlag[] = [];
  for (const flag of [...flags].sort((a, b) => a.t - b.t)) {
    const x = xOf(flag.t);
    if (x < -DIAMOND || x > width + DIAMOND) continue;
    const last = groups[groups.length - 1];
    if (last && x - last.x < 2 * DIAMOND) {
      last.all.push(flag);
      if (RANK[flag.tone] < RANK[last.flag.tone]) last.flag = flag;
    } else groups.push({ flag, all: [flag], x, row: 0, textWidth: 0 });
  }
  return groups;
}
