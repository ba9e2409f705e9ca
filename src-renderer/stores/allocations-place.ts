import type { AllocationGrouping, AllocationMeasure } from '../../src-preload/contract/index.ts';
import { wholeOf } from './heap-place.ts';

export const ALLOCATION_GROUPINGS = [
  'line',
  'function',
  'file',
  'module',
  'package',
  'traceback',
  'thread',
] as const satisfies readonly AllocationGrouping[];
export const ALLOCATION_MEASURES = ['live', 'growth', 'allocated', 'freed'] as const satisfies readonly AllocationMeasure[];

/** `callers`: from the allocating line outwards; `callees`: from the threads inwards. */
export const FLAME_DIRECTIONS = ['callees', 'callers'] as const;
export type FlameDirection = (typeof FLAME_DIRECTIONS)[number];

/** The current place among the sampled allocations. */
export interface AllocationPlace {
  by: AllocationGrouping;
  of: AllocationMeasure;
  /** My code only. */
  mine: boolean;
  direction: FlameDirection;
  /** The chosen row, valid for this grouping; null: none. */
  row: number | null;
}

export const FIRST_ALLOCATIONS: AllocationPlace = { by: 'line', of: 'live', mine: false, direction: 'callees', row: null };

/** The same page of another session. */
export const ofOtherSession = (place: AllocationPlace): AllocationPlace => ({ ...place, row: null });

/** The differences from the initial state, as parts of a link. */
export function writeAllocations(query: URLSearchParams, { by, of, mine, direction, row }: AllocationPlace): void {
  if (by !== FIRST_ALLOCATIONS.by) query.set('allocatedBy', by);
  if (of !== FIRST_ALLOCATIONS.of) query.set('measure', of);
  if (mine) query.set('mine', '1');
  if (direction !== FIRST_ALLOCATIONS.direction) query.set('flame', direction);
  if (row !== null) query.set('allocation', String(row));
}

export function readAllocations(query: URLSearchParams): AllocationPlace {
  return {
    by: ALLOCATION_GROUPINGS.find((one) => one === query.get('allocatedBy')) ?? FIRST_ALLOCATIONS.by,
    of: ALLOCATION_MEASURES.find((one) => one === query.get('measure')) ?? FIRST_ALLOCATIONS.of,
    mine: query.get('mine') === '1',
    direction: FLAME_DIRECTIONS.find((one) => one === query.get('flame')) ?? FIRST_ALLOCATIONS.direction,
    row: wholeOf(query.get('allocation')),
  };
}
