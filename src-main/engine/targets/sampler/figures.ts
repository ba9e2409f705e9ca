import type { Bytes } from '../../../../src-preload/contract/index.ts';

/** `statm`: sizes in pages, the second is resident. null: the process has no memory (any more). */
export function parseResident(bytes: Uint8Array, length: number, pageSize: number): Bytes | null {
  let field = 0;
  let pages = 0;
  for (let at = 0; at < length; at++) {
    const char = bytes[at]!;
    if (char === 0x20) {
      if (++field === 2) return pages * pageSize;
    } else if (field === 1) {
      if (char < 0x30 || char > 0x39) return null;
      pages = pages * 10 + (char - 0x30);
    }
  }
  return null;
}

/** A line `Name:   123 kB` of `status` or `smaps_rollup`, in bytes; null: there is none. */
export function parseKilobytes(text: string, name: string): Bytes | null {
  const at = text.startsWith(`${name}:`) ? 0 : text.indexOf(`\n${name}:`);
  if (at === -1) return null;
  const value = Number.parseInt(text.slice(text.indexOf(':', at) + 1), 10);
  return Number.isNaN(value) ? null : value * 1024;
}

export interface RollupFigures {
  uss: Bytes | null;
  pss: Bytes | null;
}

/** `smaps_rollup`: memory that only this process holds (including huge pages), and its share of all its memory. */
export function parseRollup(text: string): RollupFigures {
  const clean = parseKilobytes(text, 'Private_Clean');
  const dirty = parseKilobytes(text, 'Private_Dirty');
  const huge = parseKilobytes(text, 'Private_Hugetlb') ?? 0;
  return { uss: clean === null || dirty === null ? null : clean + dirty + huge, pss: parseKilobytes(text, 'Pss') };
}

/**
 * Bytes mapped for pymalloc's arenas, from `maps`: CPython 3.15 names its memory (`7f3c40000000-7f3c40100000 rw-p 00000000 00:00 0
 * [anon:cpython:pymalloc]`). null: no memory has that name.
 */
export function parseArenas(maps: string): Bytes | null {
  let total: Bytes | null = null;
  for (const match of maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) .*\[anon:cpython:pymalloc[^\]]*\]$/gm)) {
    total = (total ?? 0) + Number.parseInt(match[2]!, 16) - Number.parseInt(match[1]!, 16);
  }
  return total;
}
