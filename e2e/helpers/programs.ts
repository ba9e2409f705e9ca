import { dirname } from 'node:path';
import type { LaunchSpec, ProjectId, ProjectInfo, SessionId, SessionRow } from '../../src-preload/contract/index.ts';
import { heapscope } from './command-line.ts';
import type { Engine } from './engine.ts';
import { expect } from './expect.ts';
import { pythonPath, target } from './places.ts';

/** The launch of one of the programs in `targets/`. */
export function specOf(name: string, args: string[] = [], more: Partial<LaunchSpec> = {}): LaunchSpec {
  return {
    mode: 'script',
    interpreter: pythonPath(),
    target: target(name),
    args,
    cwd: '',
    env: {},
    intervalMs: 50,
    tracemallocFrames: 0,
    sampling: 0,
    ...more,
  };
}

export interface Recorded {
  project: ProjectInfo;
  row: SessionRow;
}

/** Records a program to its end, without the window. */
export async function recordToEnd(engine: Engine, spec: LaunchSpec, project: ProjectId | null = null): Promise<Recorded> {
  const started = await engine.call('recording.start', { spec, confirmed: true, project, columns: 100, rows: 24 });
  return { project: started.project, row: await endOf(engine, started.project.id, started.session) };
}

/** Waits until a session has ended. */
export async function endOf(engine: Engine, project: ProjectId, session: SessionId): Promise<SessionRow> {
  const row = async (): Promise<SessionRow | undefined> =>
    (await engine.call('sessions.list', { project })).find((each) => each.id === session);
  await expect.poll(async () => (await row())?.state).not.toBe('running');
  const ended = await row();
  if (!ended) throw new Error(`session ${session} is gone`);
  return ended;
}

/** All the console text of a session, control sequences included. */
export async function consoleText(engine: Engine, project: ProjectId, session: SessionId): Promise<string> {
  const info = await engine.call('console.info', { project, session });
  const parts = await engine.call('console.read', { project, session, offset: 0, limit: Math.max(1, info.total) });
  return Buffer.concat(parts.map((part) => part.data)).toString('utf8');
}

/** What `heapscope info --json` prints for a project file: read by another process, not by the app under test. */
export async function readProject(file: string): Promise<{ sessions: SessionRow[] }> {
  const ran = await heapscope(['info', '--json', file], dirname(file));
  if (ran.code !== 0) throw new Error(`info ended with ${ran.code}: ${ran.stderr}`);
  return JSON.parse(ran.stdout) as { sessions: SessionRow[] };
}
