import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { SUBJECTS } from './subjects/index.ts';

const SEEDS = [1, 20_250_806];
const CASES = join(import.meta.dirname, 'cases');

describe.each(SUBJECTS)('altered $name', ({ name, recipes, run, few }) => {
  it.each(SEEDS)('of seed %d are taken or refused', async (seed) => {
    await fc.assert(fc.asyncProperty(recipes, run), { seed, numRuns: few, endOnFailure: false });
  });

  const kept = readdirSync(join(CASES, name)).filter((file) => file.endsWith('.json'));
  it.each(kept)('that did harm once do it no more: %s', async (file) => {
    await run(JSON.parse(readFileSync(join(CASES, name, file), 'utf8')));
  });
});
