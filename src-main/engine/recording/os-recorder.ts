import type { SessionTime } from '../../../src-preload/contract/index.ts';
import type { ProcessSample } from '../targets/index.ts';
import type { Tracked } from './process-book.ts';
import { rounded, type SeriesSink } from './series-sink.ts';

/** Writes down what the sampler saw of one process; what was not read at this tick is null and skipped. */
export function recordOsSample(sink: SeriesSink, tracked: Tracked, t: SessionTime, sample: ProcessSample): void {
  const process = tracked.row.id;
  sink.put(process, 'rss', t, sample.rss);
  sink.put(process, 'peak_rss', t, sample.peakRss);
  sink.put(process, 'uss', t, sample.uss);
  sink.put(process, 'pss', t, sample.pss);
  sink.put(process, 'swap', t, sample.swap);
  sink.put(process, 'cpu', t, sample.cpu === null ? null : rounded(sample.cpu));
  sink.put(process, 'threads', t, sample.threads);
  sink.put(process, 'files', t, sample.files);
  sink.put(process, 'sockets', t, sample.sockets);
  sink.put(process, 'py_arenas', t, sample.arenas);
}
