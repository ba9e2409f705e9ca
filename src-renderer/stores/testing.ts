import { createPinia, setActivePinia } from 'pinia';
import { vi } from 'vitest';
import type { Mock } from 'vitest';
import type {
  EngineEnd,
  EventName,
  Events,
  LaunchSpec,
  ProjectInfo,
  RecordingState,
  SessionRow,
  SnapshotRow,
} from '../../src-preload/contract/index.ts';

/** The api in a store's test: the test gives answers by method and emits events. For `vi.mock('../api/index.ts')`. */
export interface FakeApi {
  call: Mock<(method: string, args: unknown, options?: unknown) => Promise<unknown>>;
  on: (event: string, listener: (payload: never) => void) => () => void;
  shell: Mock<() => unknown>;
  /** What the engine said when it ended. */
  engineEnd: Mock<() => EngineEnd | null>;
  /** Answers by method; a function is called with the arguments. A method without an answer returns an empty object. */
  answers: Map<string, unknown>;
  emit: <E extends EventName>(event: E, payload: Events[E]) => void;
}

export function fakeApi(): FakeApi {
  const answers = new Map<string, unknown>();
  const listeners = new Map<string, Set<(payload: never) => void>>();
  return {
    answers,
    shell: vi.fn(() => null),
    engineEnd: vi.fn(() => null),
    call: vi.fn(async (method: string, args: unknown) => {
      const answer = answers.get(method) ?? {};
      return typeof answer === 'function' ? (answer as (given: unknown) => unknown)(args) : answer;
    }),
    on: (event, listener) => {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
      return () => listeners.get(event)?.delete(listener);
    },
    emit: (event, payload) => listeners.get(event)?.forEach((listener) => listener(payload as never)),
  };
}

/** The error class by which stores recognise failed calls. */
export class FakeCallError extends Error {
  readonly code: string;
  readonly facts: Record<string, unknown>;

  constructor(code: string, facts: Record<string, unknown> = {}) {
    super(code);
    this.code = code;
    this.facts = facts;
  }
}

/** A window of its own for each test. */
export function freshStores(api: FakeApi): void {
  setActivePinia(createPinia());
  api.answers.clear();
  api.call.mockClear();
}

export function aProject(change: Partial<ProjectInfo> = {}): ProjectInfo {
  return {
    id: 'p1',
    path: '/home/a/one.heapscope',
    name: 'one',
    untitled: false,
    access: 'write',
    readOnlyReason: null,
    damage: null,
    size: 1,
    formatVersion: 1,
    ...change,
  };
}

export function aSpec(change: Partial<LaunchSpec> = {}): LaunchSpec {
  return {
    mode: 'script',
    interpreter: '',
    target: '/home/a/app.py',
    args: [],
    cwd: '',
    env: {},
    intervalMs: 100,
    tracemallocFrames: 0,
    sampling: 0,
    ...change,
  };
}

export function aSession(change: Partial<SessionRow> = {}): SessionRow {
  return {
    id: 1,
    uuid: 'u1',
    name: 'app.py',
    note: '',
    state: 'ended',
    program: 'app.py',
    origin: { kind: 'launched', spec: aSpec() },
    interpreter: null,
    startedAt: 1000,
    duration: 5000,
    peakRss: null,
    exit: null,
    processes: 1,
    samples: 10,
    agent: true,
    ...change,
  };
}

export function aState(change: Partial<RecordingState> = {}): RecordingState {
  return {
    project: 'p1',
    session: 1,
    phase: 'running',
    paused: false,
    stopAsked: null,
    now: 0,
    rss: null,
    rssSlope: null,
    processes: 1,
    agents: [],
    ...change,
  };
}

/** The mocked module, as its own type. */
export function fakeOf(module: unknown): FakeApi {
  return module as FakeApi;
}

export function aSnapshot(change: Partial<SnapshotRow> = {}): SnapshotRow {
  return {
    id: 1,
    session: 1,
    process: 1,
    pid: 4711,
    t: 1000,
    name: '',
    note: '',
    trigger: 'user',
    state: 'ready',
    error: null,
    method: 'fork',
    methodReason: '',
    collected: false,
    previews: false,
    frames: 0,
    python: '3.12.1',
    pause: 12,
    captureTime: 500,
    importTime: 300,
    dumpBytes: 1000,
    storedBytes: 400,
    objects: 100,
    tracked: 40,
    references: 250,
    size: 6400,
    garbage: 0,
    rss: 10_000,
    ...change,
  };
}
