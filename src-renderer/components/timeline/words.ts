import type { EventRow, MetricUnit, ProcessRow } from '../../../src-preload/contract/index.ts';
import type { FlagTone } from '../../charts/flags.ts';
import type { LaneSpec } from '../../charts/lanes.ts';
import type { MissingReason } from '../../charts/pick-series.ts';
import type { Reading } from '../../charts/samples.ts';
import { t, tData } from '../../format/i18n.ts';
import { bytes, bytesExact, decimal, metricValue } from '../../format/units.ts';

/** Names of what the timeline shows, in the current language. Reactive where they are read in a template. */
export function laneName(lane: Pick<LaneSpec, 'id'>): string {
  return lane.id.startsWith('other:') ? lane.id.slice('other:'.length) : tData(`timeline.lane.${lane.id}`);
}

/** A metric that this version does not know is shown by its id. */
export function metricName(metric: string): string {
  const key = `timeline.metric.${metric}`;
  const name = tData(key);
  return name === key ? metric : name;
}

export const missingReason = (reason: MissingReason): string => tData(`timeline.missing.${reason}`);

const NAME_LENGTH = 28;

/** Pid and program, short: `4711 worker.py`. */
export function processName(process: Pick<ProcessRow, 'pid' | 'command'>): string {
  const words = process.command.split(/\s+/).filter((word) => word !== '');
  // "python3 -X dev /srv/app.py" is named by its script, "python3 -m http.server" by its module, "python3 -c …" by its code.
  const short = distinctivePart(words);
  const cut = short.length > NAME_LENGTH ? `${short.slice(0, NAME_LENGTH - 1)}…` : short;
  return t('timeline.process', { pid: String(process.pid), command: cut });
}

/** Options of Python that have an argument. */
const WITH_VALUE = new Set(['-X', '-W', '--check-hash-based-pycs']);
const baseName = (path: string): string => path.split(/[/\\]/).pop() ?? path;

function distinctivePart(words: readonly string[]): string {
  const [program = '', ...rest] = words;
  if (!/^python[\d.]*(\.exe)?$/i.test(baseName(program))) return baseName(program);
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i]!;
    if (word === '-c') return rest.slice(i).join(' ');
    if (word === '-m') return rest[i + 1] ?? word;
    if (WITH_VALUE.has(word)) i++;
    else if (!word.startsWith('-')) return baseName(word);
  }
  return baseName(program);
}

/** A reading in the lane's unit; `≈` if it represents several samples that differ. */
export function readingText(unit: MetricUnit, reading: Reading | null): string {
  if (!reading) return metricValue(unit, null);
  const between = reading.lo === reading.hi;
  return between ? metricValue(unit, reading.hi) : `≈ ${metricValue(unit, (reading.lo + reading.hi) / 2)}`;
}

/** The tooltip of a reading: every byte, or the values it lies between. */
export function readingTitle(unit: MetricUnit, reading: Reading | null): string {
  if (!reading) return '';
  const exact = (value: number): string => (unit === 'bytes' ? bytesExact(value) : metricValue(unit, value));
  if (reading.lo !== reading.hi) return t('timeline.range.bucket', { lo: exact(reading.lo), hi: exact(reading.hi) });
  return unit === 'bytes' ? bytesExact(reading.hi) : unit === 'count' ? decimal(reading.hi) : String(reading.hi);
}

const WARNINGS = new Set<EventRow['kind']>([
  'agent-lost',
  'agent-silent',
  'agent-refused',
  'agent-unidentified',
  'agent-unrelated',
  'agent-fault',
  'agent-dropped',
  'stranger',
  'garbage',
  'console-cut',
  'recording-fault',
]);

const endedBadly = ({ facts }: EventRow): boolean => facts['signal'] != null || (facts['code'] != null && facts['code'] !== 0);

export function eventTone(event: EventRow): FlagTone {
  if (event.kind === 'mark') return 'mark';
  if (event.kind === 'process-end' && endedBadly(event)) return 'warning';
  return WARNINGS.has(event.kind) ? 'warning' : 'info';
}

/** Which variant of the message an event takes. */
function eventKey({ kind, facts }: EventRow): string {
  if (kind === 'process-end')
    return facts['signal'] != null ? 'process-end-signal' : facts['code'] != null ? 'process-end' : 'process-end-unknown';
  if (kind === 'tracemalloc') return facts['frames'] === 0 ? 'tracemalloc-off' : 'tracemalloc-on';
  if (kind === 'sampling') return facts['paused'] === true ? 'sampling-paused' : 'sampling-resumed';
  return kind;
}

/** One line that describes an event. A kind that this version does not know is shown by its name. */
export function eventText(event: EventRow): string {
  const key = `timeline.event.${eventKey(event)}`;
  // Older files have one event for each connection, without a count.
  const values: Record<string, string> = { kind: event.kind, count: '1' };
  for (const [name, fact] of Object.entries(event.facts)) values[name] = fact === null ? '–' : String(fact);
  const how = event.facts['how'];
  if (typeof how === 'string') values['how'] = tData(`timeline.how.${how}`);
  const cut = event.facts['bytes'];
  if (typeof cut === 'number') values['bytes'] = bytes(cut);
  const text = tData(key, values);
  return text === key ? event.kind : text;
}

/** For a mark: who set it. */
export function eventNote({ kind, facts }: EventRow): string {
  return kind === 'mark' && typeof facts['source'] === 'string' ? tData(`timeline.eventKind.${facts['source']}`) : '';
}
