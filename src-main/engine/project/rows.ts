import { z } from 'zod';
import type {
  AgentState,
  EventKind,
  EventRow,
  ExitStatus,
  Facts,
  Interpreter,
  LaunchSpec,
  ProcessRow,
  SessionRow,
  SessionState,
} from '../../../src-preload/contract/index.ts';
import { number, numberOrNull, text, textOrNull, type Row } from './sqlite.ts';

/** JSON in a file that nobody vouches for: longer ones are not looked at. */
const LONGEST_JSON = 4 * 1024 * 1024;

const exitSchema = z.object({ code: z.number().nullable(), signal: z.string().nullable(), outOfMemory: z.boolean() });
const factsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const launchSchema = z.object({
  mode: z.enum(['script', 'module', 'code', 'command']),
  interpreter: z.string(),
  target: z.string(),
  args: z.array(z.string()),
  cwd: z.string(),
  env: z.record(z.string(), z.string().nullable()),
  intervalMs: z.number().min(10).max(60_000),
  tracemallocFrames: z.number().int().min(0),
});
const interpreterSchema = z.object({
  path: z.string(),
  version: z.string().nullable(),
  implementation: z.string().nullable(),
  source: z.enum(['path', 'venv', 'active-venv', 'pyenv', 'conda', 'named']),
  support: z.enum(['full', 'too-old', 'too-new', 'not-cpython', 'broken']),
  freeThreaded: z.boolean(),
  environment: z.string().nullable(),
});
const stateSchema = z.enum(['running', 'ended', 'interrupted', 'stopped-recording']) satisfies z.ZodType<SessionState>;
const agentSchema = z.enum(['none', 'connected', 'not-answering', 'gone', 'refused']) satisfies z.ZodType<AgentState>;
const kindSchema = z.enum([
  'mark',
  'process-start',
  'process-end',
  'agent-connected',
  'agent-lost',
  'agent-silent',
  'agent-refused',
  'agent-unidentified',
  'agent-fault',
  'agent-dropped',
  'stranger',
  'exec',
  'tracemalloc',
  'collect',
  'garbage',
  'collections-sampled',
  'sampling',
  'snapshot',
  'snapshot-failed',
  'stop',
  'console-cut',
  'recording-fault',
]) satisfies z.ZodType<EventKind>;

/** What stands for a launch that cannot be read: nothing that would run. */
export const NO_LAUNCH: LaunchSpec = {
  mode: 'script',
  interpreter: '',
  target: '',
  args: [],
  cwd: '',
  env: {},
  intervalMs: 100,
  tracemallocFrames: 0,
};

/** Columns of a session with what is counted over its processes. */
export const SESSION_COLUMNS = `session.*,
  (SELECT count(*) FROM process WHERE process.session = session.id) AS processes,
  EXISTS (SELECT 1 FROM process WHERE process.session = session.id AND agent IN ('connected', 'not-answering', 'gone')) AS has_agent`;

/** `running` says what a session in that state is to the reader: it records elsewhere, or nobody does. */
export function toSession(row: Row, running: 'running' | 'interrupted'): SessionRow {
  const state = stateSchema.safeParse(row['state']).data ?? 'interrupted';
  return {
    id: number(row, 'id'),
    uuid: text(row, 'uuid'),
    name: text(row, 'name'),
    note: text(row, 'note'),
    state: state === 'running' ? running : state,
    program: text(row, 'program'),
    launch: parse<LaunchSpec>(launchSchema, row['launch']) ?? NO_LAUNCH,
    interpreter: parse<Interpreter>(interpreterSchema, row['interpreter']),
    startedAt: number(row, 'started_at'),
    duration: number(row, 'duration'),
    peakRss: numberOrNull(row, 'peak_rss'),
    exit: parse<ExitStatus>(exitSchema, row['exit']),
    processes: number(row, 'processes'),
    samples: number(row, 'samples'),
    agent: number(row, 'has_agent') === 1,
  };
}

export function toProcess(row: Row): ProcessRow {
  return {
    id: number(row, 'id'),
    session: number(row, 'session'),
    pid: number(row, 'pid'),
    parent: numberOrNull(row, 'parent'),
    ordinal: number(row, 'ordinal'),
    command: text(row, 'command'),
    python: textOrNull(row, 'python'),
    start: number(row, 'start'),
    end: numberOrNull(row, 'ended'),
    exit: parse<ExitStatus>(exitSchema, row['exit']),
    agent: agentSchema.safeParse(row['agent']).data ?? 'none',
  };
}

/** null: of a kind that we do not know. */
export function toEvent(row: Row): EventRow | null {
  const kind = kindSchema.safeParse(row['kind']).data;
  if (kind === undefined) return null;
  const facts = parse<Facts>(factsSchema, row['facts']) ?? {};
  return {
    id: number(row, 'id'),
    session: number(row, 'session'),
    process: numberOrNull(row, 'process'),
    t: number(row, 't'),
    kind,
    facts,
  };
}

export function toJson(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** JSON of a cell; null: it is none, too long, or not of that form. */
export function parse<T>(schema: z.ZodType<T>, cell: unknown): T | null {
  if (typeof cell !== 'string' || cell.length > LONGEST_JSON) return null;
  try {
    return schema.safeParse(JSON.parse(cell)).data ?? null;
  } catch {
    return null;
  }
}
