import type { SessionTime } from '../../../src-preload/contract/index.ts';
import type { ProcessSample } from '../targets/index.ts';
import type { Tracked } from './process-book.ts';
import { rounded, type SeriesSink } from './series-sink.ts';

/** What a connected agent adds to its program: a thread, and a socket, which is one of its open files. */
const OURS = 1;

/**
 * Records what the sampler measured of one process; figures not read at this tick are null and skipped. The agent's own thread and socket
 * are subtracted.
 */
export function recordOsSample(sink: Pick<SeriesSink, 'put'>, tracked: Tracked, t: SessionTime, sample: ProcessSample): void {
  const process = tracked.row.id;
  const ours = tracked.connection === null ? 0 : OURS;
  const others = (count: number | null): number | null => (count === null ? null : Math.max(0, count - ours));
  sink.put(process, 'rss', t, sample.rss);
  sink.put(process, 'peak_rss', t, sample.peakRss);
  sink.put(process, 'uss', t, sample.uss);
  sink.put(process, 'pss', t, sample.pss);
  sink.put(process, 'swap', t, sample.swap);
  sink.put(process, 'cpu', t, sample.cpu === null ? null : rounded(sample.cpu));
  sink.put(process, 'threads', t, others(sample.threads));
  sink.put(process, 'files', t, others(sample.files));
  sink.put(process, 'sockets', t, others(sample.sockets));
  sink.put(process, 'py_arenas', t, sample.arenas);
}
