import type { ConsoleHit } from '../../../src-preload/contract/index.ts';
import type { Wanted } from '../../components/console/places.ts';

/** Where a match is, as a terminal looks for it. */
export function wantedOf({ offset, line, start, length }: ConsoleHit): Wanted {
  return { offset, text: line.slice(start, start + length), column: start };
}
