import { defineStore } from 'pinia';
import { markRaw, watch } from 'vue';
import { call, on, onResync } from '../api/index.ts';
import type {
  ErrorData,
  EventRow,
  RangeStats,
  SeriesId,
  SeriesInfo,
  SeriesWindow,
  SessionRef,
  SessionTime,
} from '../../src-preload/contract/index.ts';
import { Latest } from './latest.ts';
import { errorOf } from './notices.ts';
import { useRecording } from './recording.ts';
import { useSelection } from './selection.ts';
import { useSessions } from './sessions.ts';
import { LIVE_SPAN, bucketTime, bucketsFor, clampView, covers, followView, needsFetch, spanOf, withMargin } from './timeline-view.ts';
import type { Loaded, ViewRange } from './timeline-view.ts';

/** Loaded windows, and their resolution. */
export interface TimelineWindows extends Loaded {
  series: ReadonlyMap<SeriesId, SeriesWindow>;
}

interface TimelineState {
  of: SessionRef | null;
  /** `ready`: series and events are loaded. */
  phase: 'none' | 'loading' | 'ready' | 'failed';
  error: ErrorData | null;
  series: SeriesInfo[];
  /** Earliest first. All of the session, or, if they are more than `MOST_EVENTS`, those around the view. */
  events: EventRow[];
  eventsTotal: number;
  /** Marks of the whole session, for the strip. */
  marks: EventRow[];
  /** The latest time of which there are samples. */
  until: SessionTime;
  view: ViewRange;
  /** The view moves with the recording. */
  following: boolean;
  /** Pixels of the plot, which decide how many buckets are requested; 0: not known yet. */
  width: number;
  /** Series that are currently drawn. */
  shown: SeriesId[];
  detail: TimelineWindows | null;
  /** The last windows that covered the whole session. */
  overview: TimelineWindows | null;
  fetching: boolean;
  /** Position of the pointer or the keyboard's crosshair; null: none. */
  cursor: SessionTime | null;
  stats: RangeStats[];
  statsOf: ViewRange | null;
  /** RSS and generation 2 collections of the whole session, for the strip. */
  strip: { rss: SeriesWindow | null; collections: SessionTime[]; until: SessionTime } | null;
}

interface WindowRequest {
  of: SessionRef;
  /** The view that the chart will show. */
  view: ViewRange;
  range: ViewRange;
  series: SeriesId[];
  buckets: number;
  /** The view is set when the answer arrives, not before: the newest samples and the axis move together. */
  moves: boolean;
}

export const MOST_EVENTS = 5000;
const MOST_MARKS = 500;
const FOREVER = Number.MAX_SAFE_INTEGER;
const LIVE_EVERY = 200;
const STRIP_EVERY = 1000;
const SHAPE_EVERY = 3000;
const STRIP_BUCKETS = 700;
const STRIP_COLLECTORS = 8;
const MOST_MEASURES = 400;

const windows = new Latest<WindowRequest, SeriesWindow[]>({
  run: ({ of, range, series, buckets }, signal) =>
    call('timeline.window', { project: of.project, series, from: range.from, to: range.to, buckets }, { signal }),
  deliver: (answer, request) => useTimeline().receive(answer, request),
  fail: (thrown) => useTimeline().failed(thrown),
});

const statistics = new Latest<{ of: SessionRef; series: SeriesId[]; range: ViewRange }, RangeStats[]>({
  run: ({ of, series, range }, signal) => call('timeline.stats', { project: of.project, series, ...range }, { signal }),
  deliver: (answer, { range }) => useTimeline().$patch({ stats: markRaw(answer), statsOf: range }),
  fail: (thrown) => useTimeline().failed(thrown),
});

const eventsAround = new Latest<{ of: SessionRef; range: ViewRange }, { total: number; events: EventRow[] }>({
  run: ({ of, range }, signal) => call('sessions.events', { ...of, ...range, limit: MOST_EVENTS }, { signal }),
  deliver: ({ events }) => useTimeline().$patch({ events: markRaw(events) }),
  fail: (thrown) => useTimeline().failed(thrown),
});

/** When the live chart, the strip and the list of series were last requested; how far the session has come; performance.now() of the last step. */
const last = { live: 0, strip: 0, shape: 0, until: 0, step: null as number | null };
let liveTimer: ReturnType<typeof setTimeout> | undefined;
/** Stores that are already subscribed: both views and the window's start request it. */
const listening = new WeakSet<object>();

const sameRef = (a: SessionRef | null, b: SessionRef): boolean => a?.project === b.project && a.session === b.session;

/** The timeline of the current session: what is shown, and the loaded samples. */
export const useTimeline = defineStore('timeline', {
  state: (): TimelineState => ({
    of: null,
    phase: 'none',
    error: null,
    series: [],
    events: [],
    eventsTotal: 0,
    marks: [],
    until: 0,
    view: { from: 0, to: LIVE_SPAN },
    following: false,
    width: 0,
    shown: [],
    detail: null,
    overview: null,
    fetching: false,
    cursor: null,
    stats: [],
    statsOf: null,
    strip: null,
  }),
  getters: {
    live: (state): boolean => state.of !== null && useRecording().isRunning(state.of.project, state.of.session),
    /** The limits of navigation. */
    extent(state): ViewRange {
      const ends = Math.max(state.until, this.live ? 0 : (useSessions().current?.duration ?? 0));
      return { from: 0, to: Math.max(ends, this.live ? LIVE_SPAN : 1) };
    },
    newest(state): SessionTime {
      return this.live ? state.until : this.extent.to;
    },
    /** The brushed range with both ends. */
    range(state): ViewRange | null {
      const chosen = useSelection().range;
      return chosen && { from: chosen.from, to: Math.max(chosen.to ?? state.until, chosen.from) };
    },
  },
  actions: {
    /** Follows the selection and the engine's events; once. */
    listen(): void {
      if (listening.has(this.$state)) return;
      listening.add(this.$state);
      const selection = useSelection();
      watch(
        () => [selection.project, selection.session] as const,
        ([project, session]) => void this.open(project === null || session === null ? null : { project, session }),
        { immediate: true },
      );
      watch(
        () => [this.range, this.shown] as const,
        () => this.requestStats(),
        { deep: true },
      );
      watch(
        () => this.live,
        (now, before) => this.onLiveChange(now, before),
      );
      on('timeline.advanced', (advance) => sameRef(this.of, advance) && this.advance(advance.until));
      on('session.shape', (shape) => sameRef(this.of, shape) && void this.loadSeries());
      on('event.added', ({ project, event }) => sameRef(this.of, { project, session: event.session }) && this.addEvent(event));
      onResync(() => void this.open(this.of, { keepView: true }));
    },

    /** Shows another session completely, or its last minute while it runs. */
    async open(of: SessionRef | null, { keepView = false } = {}): Promise<void> {
      windows.cancel();
      statistics.cancel();
      eventsAround.cancel();
      const view = this.view;
      // Not by `$patch`, which would modify the object that pending answers are compared with.
      this.of = of && { ...of };
      this.$patch({
        phase: of ? 'loading' : 'none',
        error: null,
        detail: null,
        overview: null,
        stats: markRaw([]),
        statsOf: null,
        strip: null,
        cursor: null,
      });
      if (!keepView) this.$patch({ series: markRaw([]), events: markRaw([]), eventsTotal: 0, marks: markRaw([]), shown: [], until: 0 });
      if (!of) return;
      try {
        const sessions = useSessions();
        const [series, events] = await Promise.all([
          call('sessions.series', { ...of }),
          call('sessions.events', { ...of, from: 0, to: FOREVER, limit: MOST_EVENTS }),
          sessions.processesOf && sameRef(of, sessions.processesOf) ? undefined : sessions.loadProcesses(of.project, of.session),
        ]);
        if (!sameRef(this.of, of)) return;
        const marks = events.events.filter((event) => event.kind === 'mark').slice(0, MOST_MARKS);
        this.$patch({
          series: markRaw(series),
          events: markRaw(events.events),
          eventsTotal: events.total,
          marks: markRaw(marks),
          phase: 'ready',
        });
        this.until = Math.max(this.until, ...series.map((info) => info.last ?? 0));
        if (!keepView) this.start();
        else this.show(view, { keepFollowing: true });
        this.loadStrip();
      } catch (thrown) {
        if (sameRef(this.of, of)) this.failed(thrown, 'failed');
      }
    },

    start(): void {
      last.step = this.live ? null : performance.now();
      this.following = this.live;
      this.view = this.live ? followView(LIVE_SPAN, this.until) : { ...this.extent };
      this.fetch();
    },

    /** Shows what the user asked to see. Ends following. */
    show(view: ViewRange, { keepFollowing = false } = {}): void {
      if (!keepFollowing) this.following = false;
      last.step = performance.now();
      this.view = clampView(view, this.extent);
      this.fetch();
    },
    fit(): void {
      this.show({ from: 0, to: Math.max(this.until, this.live ? 1000 : this.extent.to) });
    },
    /** Brings the newest samples into view and keeps them there; an ended session has nothing to follow. */
    follow(following: boolean): void {
      this.following = following && this.live;
      if (this.following) this.request(followView(spanOf(this.view), this.until), true);
    },

    /** Which series the lanes show, and how wide they are. */
    arrange(shown: SeriesId[], width: number): void {
      const changed = shown.length !== this.shown.length || shown.some((id, index) => id !== this.shown[index]);
      if (changed) this.shown = shown;
      if (!changed && width === this.width) return;
      this.width = width;
      const detail = this.detail;
      const missing = shown.some((id) => detail?.series.has(id) !== true);
      if (missing) this.request(this.view);
      else this.fetch();
    },

    /** Requests the windows of the view if the loaded ones are not sufficient. */
    fetch(): void {
      if (needsFetch(this.detail, this.view, this.extent, this.width)) this.request(this.view);
    },

    request(view: ViewRange, moves = false): void {
      if (!this.of || this.phase !== 'ready' || this.shown.length === 0 || this.width === 0) return;
      const range = withMargin(view, this.extent);
      this.fetching = true;
      if (this.eventsTotal > MOST_EVENTS) eventsAround.request({ of: this.of, range });
      windows.request({ of: this.of, view, range, series: [...this.shown], buckets: bucketsFor(range, view, this.width), moves });
    },

    receive(answer: SeriesWindow[], { of, view, range, moves }: WindowRequest): void {
      if (!sameRef(this.of, of)) return;
      const raw = answer.every((window) => window.raw);
      const loaded: TimelineWindows = markRaw({
        range,
        resolution: bucketTime(view, this.width),
        raw,
        series: new Map(answer.map((window) => [window.series, window])),
      });
      this.detail = loaded;
      if (covers(range, { from: 0, to: this.until }, this.extent)) this.overview = loaded;
      if (moves && this.following) this.view = view;
      this.fetching = windows.waiting;
      this.error = null;
    },

    failed(thrown: unknown, phase?: TimelineState['phase']): void {
      this.error = errorOf(thrown);
      this.$patch({ fetching: false, phase: phase ?? this.phase });
    },

    /** New samples are in the file. The view does not move unless it follows. */
    advance(until: SessionTime): void {
      last.until = liveTimer === undefined ? until : Math.max(last.until, until);
      if (liveTimer !== undefined) return;
      const { of } = this;
      const wait = Math.max(0, last.live + LIVE_EVERY - performance.now());
      liveTimer = setTimeout(() => {
        liveTimer = undefined;
        last.live = performance.now();
        // Not before: the strip and the axis are drawn with each change of it.
        const timeline = useTimeline();
        if (of !== null && timeline.of !== null && sameRef(of, timeline.of)) timeline.until = Math.max(timeline.until, last.until);
        timeline.refreshLive();
      }, wait);
    },

    refreshLive(): void {
      const now = performance.now();
      const before = Math.max(0, ...[...(this.detail?.series.values() ?? [])].map(({ t }) => t[t.length - 1] ?? 0));
      if (this.following) this.request(followView(spanOf(this.view), this.until), true);
      else if (this.view.to >= before) this.request(this.view);
      if (now - last.strip > STRIP_EVERY) this.loadStrip();
      if (now - last.shape > SHAPE_EVERY) void this.loadSeries();
    },

    onLiveChange(now: boolean, before: boolean): void {
      if (now && !before && this.phase === 'ready' && this.until === 0) this.start();
      if (now || !before || !this.of) return;
      const followed = this.following;
      this.following = false;
      void this.loadSeries();
      this.loadStrip();
      if (followed && this.view.to > this.until)
        this.show({ from: Math.min(this.view.from, this.until), to: this.extent.to }, { keepFollowing: true });
      this.request(this.view);
    },

    async loadSeries(): Promise<void> {
      const of = this.of;
      if (!of || this.phase !== 'ready') return;
      last.shape = performance.now();
      try {
        const series = await call('sessions.series', { ...of });
        if (sameRef(this.of, of)) this.series = markRaw(series);
      } catch (thrown) {
        if (sameRef(this.of, of)) this.failed(thrown);
      }
    },

    addEvent(event: EventRow): void {
      if (this.events.some((known) => known.id === event.id)) return;
      this.eventsTotal += 1;
      if (event.kind === 'mark' && this.marks.length < MOST_MARKS) this.marks = markRaw([...this.marks, event]);
      if (this.events.length < MOST_EVENTS) this.events = markRaw([...this.events, event].sort((a, b) => a.t - b.t));
    },

    /** The first `limit` events of a range, and how many there are. */
    async eventsIn(range: ViewRange, limit: number): Promise<{ total: number; events: EventRow[] }> {
      if (this.of && this.eventsTotal > MOST_EVENTS) return call('sessions.events', { ...this.of, ...range, limit });
      const inside = this.events.filter((event) => event.t >= range.from && event.t <= range.to);
      return { total: inside.length, events: inside.slice(0, limit) };
    },

    /** The whole session in one line. */
    loadStrip(): void {
      const of = this.of;
      last.strip = performance.now();
      void this.readStrip().catch((thrown: unknown) => of !== null && sameRef(this.of, of) && this.failed(thrown));
    },

    async readStrip(): Promise<void> {
      const of = this.of;
      const samples = this.series.filter((info) => info.samples > 0);
      const rss = samples.find((info) => info.metric === 'rss' && info.process === null) ?? samples.find((info) => info.metric === 'rss');
      if (!of || !rss) return;
      const collectors = samples.filter((info) => info.metric === 'gc_pause_2').slice(0, STRIP_COLLECTORS);
      const until = Math.max(this.until, 1);
      const series = [rss.id, ...collectors.map(({ id }) => id)];
      const answer = await call('timeline.window', { project: of.project, series, from: 0, to: until, buckets: STRIP_BUCKETS });
      if (!sameRef(this.of, of)) return;
      const collections = answer.filter((window) => window.series !== rss.id).flatMap((window) => [...window.t]);
      this.strip = markRaw({ rss: answer.find((window) => window.series === rss.id) ?? null, collections, until });
    },

    requestStats(): void {
      const range = this.range;
      if (!this.of || !range || this.shown.length === 0) return;
      statistics.request({ of: this.of, series: [...this.shown], range });
    },

    /** A frame was drawn. Ends the measure that `show` began, once the requested samples are drawn. */
    drawn(): void {
      if (last.step === null || this.fetching || !this.detail || !covers(this.detail.range, this.view, this.extent)) return;
      if (performance.getEntriesByName('timeline:step').length >= MOST_MEASURES) performance.clearMeasures('timeline:step');
      performance.measure('timeline:step', { start: last.step, end: performance.now() });
      last.step = null;
    },
  },
});
