import { defineStore } from 'pinia';
import { markRaw, watch } from 'vue';
import type {
  AllocationFlame,
  AllocationGrouping,
  AllocationMeasure,
  AllocationRow,
  AllocationScope,
  AllocationState,
  AllocationTable,
  AllocationTimeline,
  Bytes,
  ErrorData,
  FilterNode,
  SessionRef,
} from '../../src-preload/contract/index.ts';
import { call, on, onResync } from '../api/index.ts';
import type { AllocationPlace, FlameDirection } from './allocations-place.ts';
import { Latest } from './latest.ts';
import { errorOf } from './notices.ts';
import { useSelection } from './selection.ts';

/** More rows than anybody reads; the others are said to be there. */
const MOST_ROWS = 5000;
/** Boxes of the flame graph below this share of all are left out. */
const SMALLEST = 0.0002;
/** Over the whole session. */
const BARS = 160;
/** Tracebacks of a row that are looked at. */
const MOST_TRACES = 200;
/** Live figures come every second: an answer that takes longer is still waited for. */
const TRACES_MS = 10_000;

interface Question {
  scope: AllocationScope;
  by: AllocationGrouping;
  of: AllocationMeasure;
  direction: FlameDirection;
}

/** What one question is answered with: all of the same moment, as far as the engine can. */
export interface AllocationAnswer {
  question: Question;
  states: readonly AllocationState[];
  table: AllocationTable;
  flame: AllocationFlame;
  /** The files of modules and packages, where rows are those: boxes of the flame graph know files alone. */
  files: readonly AllocationRow[];
  /** Of the whole session, whatever the range. */
  timeline: AllocationTimeline;
}

interface TraceQuestion {
  scope: AllocationScope;
  of: AllocationMeasure;
  row: AllocationRow;
  filter: FilterNode;
}

interface Allocations {
  answer: AllocationAnswer | null;
  /** The question in flight, as text. */
  asked: string | null;
  /** New figures came while it was. */
  stale: boolean;
  error: ErrorData | null;
  /** Tracebacks of the chosen row, by its key. */
  traces: { row: number; table: AllocationTable } | null;
}

const answers = new Latest<Question, AllocationAnswer>({
  run: async (question, signal) => {
    const { scope, by, of, direction } = question;
    const { project, session } = scope;
    const rows = { ...scope, of, filter: null, sort: null, first: 0, count: MOST_ROWS };
    const named = by === 'module' || by === 'package';
    const [states, table, flame, timeline, files] = await Promise.all([
      call('allocations.states', { project, session }, { signal }),
      call('allocations.rows', { ...rows, by }, { signal }),
      call('allocations.flame', { ...scope, of, direction, smallest: SMALLEST }, { signal }),
      call('allocations.timeline', { ...scope, from: null, to: null, buckets: BARS }, { signal }),
      named ? call('allocations.rows', { ...rows, by: 'file' }, { signal }) : null,
    ]);
    return { question, states, table, flame, timeline, files: files?.rows ?? [] };
  },
  deliver: (answer) => useAllocations().receive(answer),
  fail: (thrown, question) => useAllocations().fail(thrown, question),
});

const traces = new Latest<TraceQuestion, AllocationTable>({
  run: ({ scope, of, filter }, signal) =>
    call('allocations.rows', { ...scope, by: 'traceback', of, filter, sort: null, first: 0, count: MOST_TRACES }, { signal }),
  deliver: (table, { row }) => (useAllocations().traces = { row: row.key, table: markRaw(table) }),
  fail: () => undefined,
  patience: TRACES_MS,
});

const textOf = (question: Question | null): string | null => (question === null ? null : JSON.stringify(question));
const listening = new WeakSet<object>();

/** Sampled allocations of the session in view: asked for while their page is shown, and again whenever there are new ones. */
export const useAllocations = defineStore('allocations', {
  state: (): Allocations => ({ answer: null, asked: null, stale: false, error: null, traces: null }),
  getters: {
    /** null: the page is not shown, or has no session. */
    question: (): Question | null => {
      const { project, session, process, range, view, allocations } = useSelection();
      if (view !== 'allocations' || project === null || session === null) return null;
      const { by, of, mine, direction } = allocations;
      return { scope: { project, session, process, from: range?.from ?? null, to: range?.to ?? null, mine }, by, of, direction };
    },
    /** What is asked for is not there yet; what is shown answers an earlier question. */
    isWaiting(state): boolean {
      return state.error === null && textOf(this.question) !== textOf(state.answer?.question ?? null);
    },
    /** The chosen row, if it is listed. */
    row: (state): AllocationRow | null => {
      const { row, by } = useSelection().allocations;
      if (row === null || state.answer?.question.by !== by) return null;
      return state.answer.table.rows.find(({ key }) => key === row) ?? null;
    },
  },
  actions: {
    /** Follows the selection and the engine's events; once. */
    listen(): void {
      if (listening.has(this.$state)) return;
      listening.add(this.$state);
      watch(
        () => textOf(this.question),
        () => this.refresh(),
        { immediate: true },
      );
      watch(
        () => [this.answer, useSelection().allocations.row],
        () => this.askTraces(),
      );
      on('allocations', (ref) => this.isOf(ref) && this.refresh());
      onResync(() => this.refresh());
    },

    isOf({ project, session }: SessionRef): boolean {
      const scope = this.question?.scope;
      return scope?.project === project && scope.session === session;
    },

    /** One question at a time: news that come while it is in flight are asked for once it is answered. */
    refresh(): void {
      const { question } = this;
      const text = textOf(question);
      if (question === null || text === null) {
        answers.cancel();
        this.asked = null;
        return;
      }
      if (this.asked === text) {
        this.stale = true;
        return;
      }
      const shown = this.answer?.question.scope;
      if (shown !== undefined && (shown.project !== question.scope.project || shown.session !== question.scope.session)) this.answer = null;
      this.asked = text;
      this.stale = false;
      answers.request(question);
    },

    receive(answer: AllocationAnswer): void {
      if (textOf(answer.question) !== textOf(this.question)) return;
      this.error = null;
      this.answer = markRaw(answer);
      this.settle();
    },

    fail(thrown: unknown, question: Question): void {
      if (textOf(question) !== textOf(this.question)) return;
      this.error = errorOf(thrown);
      this.asked = null;
      this.stale = false;
    },

    settle(): void {
      const { stale } = this;
      this.asked = null;
      this.stale = false;
      if (stale) this.refresh();
    },

    askTraces(): void {
      const { row, answer } = this;
      const filter = row === null || answer === null ? null : rowFilter(row, answer.question.by);
      if (row === null || answer === null || filter === null) {
        traces.cancel();
        this.traces = null;
        return;
      }
      if (this.traces !== null && this.traces.row !== row.key) {
        traces.cancel();
        this.traces = null;
      }
      traces.request({ scope: answer.question.scope, of: answer.question.of, row, filter });
    },

    /** Another grouping, process or code has other rows. */
    change(patch: Partial<AllocationPlace>, { replace = false } = {}): void {
      const selection = useSelection();
      const others = (patch.by !== undefined && patch.by !== selection.allocations.by) || patch.mine !== undefined;
      selection.go({ allocations: { ...selection.allocations, ...(others ? { row: null } : {}), ...patch } }, { replace });
    },

    /** 0: off. */
    async setSampling(ref: SessionRef, mean: Bytes): Promise<void> {
      await call('recording.setSampling', { project: ref.project, session: ref.session, mean });
      this.refresh();
    },
  },
});

/** The tracebacks that end in a row; null: they are not told apart by it. */
export function rowFilter(row: AllocationRow, by: AllocationGrouping): FilterNode | null {
  const text = (column: 'function' | 'file' | 'module' | 'package'): FilterNode => ({
    kind: 'text',
    column,
    operator: '=',
    value: row[column].toLowerCase(),
  });
  switch (by) {
    case 'line':
      return { kind: 'and', parts: [text('function'), text('file'), { kind: 'number', column: 'line', operator: '=', value: row.line }] };
    case 'function':
      return { kind: 'and', parts: [text('function'), text('file')] };
    case 'file':
    case 'module':
    case 'package':
      return text(by);
    case 'traceback':
    case 'thread':
      return null;
  }
}
