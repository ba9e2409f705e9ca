/** Loaded first in every thread of a test run. In a worker: marks the mutants that instrumented code reaches in shared memory. */
import { getEnvironmentData } from 'node:worker_threads';
import { MARKS, namespace } from './names.ts';

const marks = getEnvironmentData(MARKS);
if (marks instanceof Uint8Array) {
  const counted: Record<string, number> = new Proxy({}, { set: (_, id) => ((marks[Number(id)] = 1), true) });
  namespace().mutantCoverage = { static: counted, perTest: {} };
}
