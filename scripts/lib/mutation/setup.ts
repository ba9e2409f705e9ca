/**
 * Runs in each test file while mutants are tried. The runner sets the active mutant, and counts what a test covers, in the thread of the
 * tests only; code in a worker thread would never be mutated and would count as not covered. So the mutant goes into the environment, which
 * a worker copies when it starts, and a worker marks what it covers in shared memory.
 */
import { setEnvironmentData } from 'node:worker_threads';
import { afterEach, beforeAll } from 'vitest';
import { ACTIVE_MUTANT, MARKS, MARK_COUNT, namespace } from './names.ts';

const marks = new Uint8Array(new SharedArrayBuffer(MARK_COUNT));
setEnvironmentData(MARKS, marks);

// After the runner's own hook, which sets the active mutant.
beforeAll(() => {
  const { activeMutant } = namespace();
  if (activeMutant === undefined) delete process.env[ACTIVE_MUTANT];
  else process.env[ACTIVE_MUTANT] = activeMutant;
});

// Before the runner's own hook, which resets the test.
afterEach(() => {
  const shared = namespace();
  const test = shared.currentTestId;
  if (test === undefined) return;
  const { perTest } = (shared.mutantCoverage ??= { static: {}, perTest: {} });
  const covered = (perTest[test] ??= {});
  marks.forEach((mark, id) => {
    if (mark !== 0) covered[id] = (covered[id] ?? 0) + 1;
  });
  marks.fill(0);
});
