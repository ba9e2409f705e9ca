import type { Bytes } from '../../../src-preload/contract/index.ts';

const KIB = 1024;

/** Mean distances between sampled allocations that are offered; the first costs least. */
export const SAMPLINGS: readonly Bytes[] = [512 * KIB, 64 * KIB];

/** What is taken where only on and off are asked for. */
export const USUAL_SAMPLING: Bytes = 512 * KIB;
