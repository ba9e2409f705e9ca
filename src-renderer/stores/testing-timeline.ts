import { vi } from 'vitest';
import type { EventRow, SeriesId, SeriesInfo, SeriesWindow } from '../../src-preload/contract/index.ts';
import { useRecording } from './recording.ts';
import { useSelection } from './selection.ts';
import { useSessions } from './sessions.ts';
import { aSession, aState, type FakeApi } from './testing.ts';
import { useTimeline } from './timeline.ts';

/** The session of the timeline under test: 100 s long. */
export const ref = { project: 'p1', session: 1 };

export const info = (id: SeriesId, change: Partial<SeriesInfo> = {}): SeriesInfo => ({
  ...{ id, session: 1, process: null, metric: 'rss', samples: 1000 },
  ...{ first: 0, last: 100_000, min: 1, max: 9, ...change },
});

export const windowOf = (series: SeriesId, t: number[] = [0, 1], raw = false): SeriesWindow => ({
  ...{ series, raw, t: new Float64Array(t), lo: new Float64Array(t.length), hi: new Float64Array(t.length) },
});

/** Runs everything that is due within this many milliseconds, including what that requests. */
export const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

interface Opened {
  live?: boolean;
  raw?: boolean;
  events?: EventRow[];
  total?: number;
  series?: SeriesInfo[];
}

export interface Asked {
  /** The arguments of all calls of a method since the timeline was opened. */
  asked: (method: string) => Record<string, unknown>[];
  /** Requests for the view; the strip requests 700 buckets. */
  views: () => Record<string, unknown>[];
  strips: () => Record<string, unknown>[];
  /** The timeline of `ref`, read and drawn; with fake timers. */
  opened: (o?: Opened) => Promise<ReturnType<typeof useTimeline>>;
}

export function timelineOver(fake: FakeApi): Asked {
  const asked = (method: string): Record<string, unknown>[] =>
    fake.call.mock.calls.filter(([name]) => name === method).map(([, args]) => args as Record<string, unknown>);
  return {
    asked,
    views: () => asked('timeline.window').filter(({ buckets }) => buckets !== 700),
    strips: () => asked('timeline.window').filter(({ buckets }) => buckets === 700),
    opened: async ({ live = false, raw = false, events = [], total, series = [info(1)] } = {}) => {
      fake.answers.set('sessions.series', series);
      fake.answers.set('sessions.events', { total: total ?? events.length, events });
      fake.answers.set('sessions.processes', []);
      fake.answers.set('timeline.window', (args: { series: SeriesId[]; to: number }) =>
        args.series.map((id) => windowOf(id, [0, args.to], raw)),
      );
      fake.answers.set('timeline.stats', []);
      if (live) useRecording().put(aState(ref));
      useSessions().byProject = { p1: [aSession({ id: 1, duration: 100_000 })] };
      const timeline = useTimeline();
      timeline.listen();
      useSelection().go(ref);
      await pass(50);
      timeline.arrange([1], 1000);
      await pass(2000);
      fake.call.mockClear();
      return timeline;
    },
  };
}
