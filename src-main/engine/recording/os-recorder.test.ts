import { expect, it, vi } from 'vitest';
import type { ProcessSample } from '../targets/index.ts';
import { recordOsSample } from './os-recorder.ts';
import type { Tracked } from './process-book.ts';
import type { SeriesSink } from './series-sink.ts';

const READ = { rss: 100, peakRss: 200, uss: 50, pss: 60, swap: 5, cpu: 12.345678, threads: 3, files: 9, sockets: 2, arenas: 7 };

function recorded(sample: Partial<ProcessSample>, agent: boolean): Record<string, unknown> {
  const put = vi.fn<SeriesSink['put']>();
  const tracked = { row: { id: 4 }, connection: agent ? {} : null } as Tracked;
  recordOsSample({ put }, tracked, 77, { ...READ, ...sample } as ProcessSample);
  expect(put.mock.calls.every(([process, , t]) => process === 4 && t === 77)).toBe(true);
  return Object.fromEntries(put.mock.calls.map(([, metric, , value]) => [metric, value]));
}

it('takes off the agent’s own thread and socket, which is a file too, and nothing else', () => {
  const figures = { rss: 100, peak_rss: 200, uss: 50, pss: 60, swap: 5, cpu: 12.3457, py_arenas: 7 };
  expect(recorded({}, true)).toEqual({ ...figures, threads: 2, files: 8, sockets: 1 });
  expect(recorded({}, false)).toEqual({ ...figures, threads: 3, files: 9, sockets: 2 });
});

it('is never fewer than none, and what was not read is not made up', () => {
  expect(recorded({ threads: 0, files: 1, sockets: null, cpu: null }, true)).toMatchObject({
    threads: 0,
    files: 0,
    sockets: null,
    cpu: null,
  });
});
