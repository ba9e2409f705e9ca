import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ProjectId, SessionRow } from '../../src-preload/contract/index.ts';
import { silentLog } from '../engine/faces/base.ts';
import { createEngine, type Engine } from '../engine/index.ts';
import { Sqlite } from '../engine/project/sqlite.ts';
import { makeSessions } from '../engine/project/testing.ts';
import { createRouter, type Router } from './index.ts';

const MANY = 200_000;
/** Rows that may be read in one turn of the event loop: the most that one call may ask for. */
const ROWS_A_TURN = 10_000;

let folder: string;
let engine: Engine;
let router: Router;
/** The most rows that were read in one turn of the event loop. */
let most = 0;
let turning: NodeJS.Immediate;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heapscope-many-'));
  engine = await createEngine({ dataFolder: join(folder, 'data'), agentFolder: folder, samplesFolder: folder, log: silentLog });
  router = createRouter(engine, { info: () => expect.fail('not asked'), log: silentLog });
});

afterEach(async () => {
  clearImmediate(turning);
  vi.restoreAllMocks();
  await engine.dispose();
  rmSync(folder, { recursive: true, force: true });
});

function countRows(): void {
  let inTurn = 0;
  const turn = (): void => {
    inTurn = 0;
    turning = setImmediate(turn);
  };
  turn();
  const read = Sqlite.prototype.iterate;
  vi.spyOn(Sqlite.prototype, 'iterate').mockImplementation(function* (this: Sqlite, ...args) {
    for (const row of read.apply(this, args)) {
      most = Math.max(most, ++inTurn);
      yield row;
    }
  });
}

async function value(method: string, args: unknown): Promise<unknown> {
  const context = { signal: AbortSignal.timeout(600_000), onProgress: () => undefined, shell: 'browser' as const };
  const outcome = await router.call(method, args, context);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
}

it('a project of 200,000 sessions is opened, listed and compared without a turn of the loop that reads all of them', async () => {
  const path = join(folder, 'many.heapscope');
  makeSessions(path, MANY);
  countRows();
  const asked = vi.spyOn(Sqlite.prototype, 'get');
  const { id: project } = (await value('projects.open', { path })) as { id: ProjectId };
  await value('runs.source', { path, confirmed: true });
  expect(asked.mock.calls.length).toBeGreaterThan(0);
  expect(asked.mock.calls.filter(([sql]) => sql.includes('quick_check'))).toEqual([]);
  expect(await value('sessions.list', { project })).toHaveLength(1000);
  const last = (await value('sessions.list', { project, after: MANY - 500, limit: 1000 })) as SessionRow[];
  expect(last.map(({ id }) => id).slice(-1)).toEqual([MANY]);
  const runs = [last[0]!.uuid, last.at(-1)!.uuid, 'none'].map((uuid) => ({ path: null, uuid }));
  const figures = await value('runs.figures', { project, runs, align: { at: 'start' } });
  expect(figures).toMatchObject([{ session: MANY - 499 }, { session: MANY }, null]);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(ROWS_A_TURN);
});
