import { parentPort, workerData } from 'node:worker_threads';
import * as fc from 'fast-check';
import { SUBJECTS } from './subjects/index.ts';

/** Worker: tries recipes of one subject until the time is up. Each is reported before it is tried, since it may never return. */
const { name, seed, milliseconds } = workerData as { name: string; seed: number; milliseconds: number };
const subject = SUBJECTS.find((each) => each.name === name)!;
let runs = 0;

const tried = async (recipe: unknown): Promise<void> => {
  parentPort!.postMessage({ kind: 'trying', recipe });
  await subject.run(recipe);
  runs++;
};

const details = await fc.check(fc.asyncProperty(subject.recipes, tried), {
  seed,
  numRuns: Number.MAX_SAFE_INTEGER,
  interruptAfterTimeLimit: milliseconds,
  maxSkipsPerRun: 1000,
});
const recipe = details.failed && details.counterexample !== null ? details.counterexample[0] : null;
const error = details.errorInstance instanceof Error ? details.errorInstance.stack : String(details.errorInstance);
parentPort!.postMessage({ kind: 'done', runs, recipe, error });
