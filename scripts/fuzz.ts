/**
 * `npm run fuzz [-- --minutes N --seed S --only projects|columns|dumps|frames]`: hostile inputs with new seeds, one subject after the
 * other, N minutes each. A harmful input is minimized and written to `src-main/fuzz/cases`, where the unit tests use it from then on.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { inRoot } from './lib/paths.ts';

const NAMES = ['projects', 'columns', 'dumps', 'frames'];
/** Without an answer for this long, the input that was tried last never ends. */
const SILENCE_MS = 120_000;

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } } });
const minutes = Number(values.minutes ?? 2);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const chosen = values.only === undefined ? NAMES : values.only.split(',');
if (!(minutes > 0) || !Number.isInteger(seed) || chosen.some((name) => !NAMES.includes(name))) {
  throw new Error(`wanted: --minutes N (each) --seed S --only ${NAMES.join('|')}`);
}

interface Outcome {
  runs: number;
  recipe: unknown;
  error: string;
}

type Message = { kind: 'trying'; recipe: unknown } | ({ kind: 'done' } & Outcome);

function search(name: string): Promise<Outcome> {
  const worker = new Worker(inRoot('src-main/fuzz/search.ts'), {
    workerData: { name, seed, milliseconds: minutes * 60_000 },
    resourceLimits: { maxOldGenerationSizeMb: 2048 },
  });
  let [last, runs]: [unknown, number] = [null, 0];
  return new Promise((resolve) => {
    const lost = (error: string): void => {
      clearTimeout(timer);
      resolve({ runs, recipe: last, error });
      void worker.terminate();
    };
    const timer = setTimeout(() => lost('it never ends'), SILENCE_MS);
    worker.on('message', (message: Message) => {
      timer.refresh();
      if (message.kind === 'trying') [last, runs] = [message.recipe, runs + 1];
      else {
        clearTimeout(timer);
        resolve(message);
      }
    });
    worker.on('error', (thrown: unknown) => lost(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)));
  });
}

console.log(`${chosen.join(', ')}: ${minutes} minutes each, ${minutes * chosen.length} in all`);
for (const name of chosen) {
  const { runs, recipe, error } = await search(name);
  console.log(`${name}: ${runs} inputs of seed ${seed}, ${recipe === null ? 'all taken or refused' : 'one did harm'}`);
  if (recipe === null) continue;
  const text = `${JSON.stringify(recipe, null, 1)}\n`;
  const file = `src-main/fuzz/cases/${name}/${createHash('sha256').update(text).digest('hex').slice(0, 12)}.json`;
  writeFileSync(inRoot(file), text);
  console.error(`${error}\nkept as ${file}`);
  process.exitCode = 1;
}
