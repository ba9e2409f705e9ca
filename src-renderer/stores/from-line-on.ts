import type { Bytes, ConsolePart } from '../../src-preload/contract/index.ts';

const NEWLINE = 0x0a;

/** Output that was read from somewhere, without the rest of the line where that was, unless `place` is in this line. */
export function fromLineOn(parts: readonly ConsolePart[], place: Bytes): ConsolePart[] {
  for (const [index, part] of parts.entries()) {
    const begin = part.offset === 0 ? 0 : part.data.indexOf(NEWLINE) + 1;
    if (part.offset + begin > place) break;
    if (begin === 0 && part.offset > 0) continue;
    return [{ ...part, offset: part.offset + begin, data: part.data.subarray(begin) }, ...parts.slice(index + 1)];
  }
  return [...parts];
}
