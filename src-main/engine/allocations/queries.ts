import type {
  AllocationFlame,
  AllocationScope,
  AllocationState,
  AllocationTable,
  AllocationTimeline,
  Args,
  SessionId,
} from '../../../src-preload/contract/index.ts';
import type { ProjectFile, StoredTrack } from '../project/index.ts';
import { RangeSums } from './estimates.ts';
import { flameOf } from './flame.ts';
import { levels, rangeSums, timeline, type Range } from './ranges.ts';
import { Sites, type Site } from './sites.ts';
import { inSlices, type Slices } from './slices.ts';
import { tableOf, type TablePage } from './table.ts';
import { sumsCache, TrackReader } from './track-reader.ts';

const MINUTE = 60_000;
/** Instants of a spark. */
const INSTANTS = 24;
/** Sessions of a file whose trees are remembered. */
const MOST_TREES = 4;

type Scope = Omit<AllocationScope, 'project'>;
type Question<M extends 'allocations.timeline' | 'allocations.rows' | 'allocations.flame'> = Omit<Args<M>, 'project'>;

/** What a query runs with. `check` is called between its slices, and throws once the file is closed. */
export interface QueryContext {
  signal: AbortSignal;
  check: () => void;
}

/** The sites of one session, as far as they were asked for. */
interface SessionSites {
  sites: Sites;
  /** Of each track, by its key: the sites of its nodes. */
  of: Map<string, { version: number; sites: number[] }>;
}

/** A track with the sites of its nodes. */
interface SitedTrack {
  reader: TrackReader;
  sites: readonly number[];
}

/**
 * Questions about the sampled allocations of open projects, in the engine's thread: they read sums of parts of about a minute each, run in
 * short slices and can be cancelled.
 */
export class AllocationQueries {
  readonly #cache = sumsCache();
  readonly #trees = new WeakMap<ProjectFile, Map<string, SessionSites>>();

  /** One for each process; of one that connected again the newest. Throws `session.missing`. */
  states(file: ProjectFile, session: SessionId): AllocationState[] {
    file.sessions.get(session);
    const states = new Map<number, AllocationState>();
    for (const { row } of file.allocations.tracks(session)) {
      const { process, state, why, mean, live, merged, from, to } = row;
      states.set(process, { process, state, why, mean, live, merged, from: Math.min(from, states.get(process)?.from ?? from), to });
    }
    return [...states.values()];
  }

  async timeline(file: ProjectFile, question: Question<'allocations.timeline'>, context: QueryContext): Promise<AllocationTimeline> {
    const from = question.from ?? 0;
    const to = question.to ?? this.#durationOf(file, question.session);
    const { buckets } = question;
    const times = Float64Array.from({ length: buckets + 1 }, (_, i) => from + ((to - from) * i) / buckets);
    const readers = this.#readers(file, question);
    return await run(timelines(readers, times), context);
  }

  async rows(file: ProjectFile, question: Question<'allocations.rows'>, context: QueryContext): Promise<AllocationTable> {
    const end = this.#durationOf(file, question.session);
    const range = rangeOf(question);
    const readers = this.#readers(file, question);
    const minutes = (Math.min(range.to, Math.max(end, question.to ?? 0)) - Math.max(range.from, 0)) / MINUTE;
    return await run(this.#table(file, readers, { question, range, end, minutes }), context);
  }

  async flame(file: ProjectFile, question: Question<'allocations.flame'>, context: QueryContext): Promise<AllocationFlame> {
    this.#durationOf(file, question.session);
    return await run(this.#flame(file, this.#readers(file, question), question), context);
  }

  *#table(
    file: ProjectFile,
    readers: readonly TrackReader[],
    o: { question: Question<'allocations.rows'>; range: Range; end: number; minutes: number },
  ): Slices<AllocationTable> {
    const { list, tracks } = yield* this.#sited(file, readers, o.question);
    const bySite = yield* sumsBySite(list, tracks, o.range);
    const page = yield* tableOf(list, bySite, Math.max(0, o.minutes), o.question);
    const instants = Array.from({ length: INSTANTS }, (_, i) => (o.end * (i + 1)) / INSTANTS);
    const sparks = yield* sparksOf(page, tracks, instants);
    const rows = page.rows.map(({ group: _group, variance: _variance, ...row }, i) => ({ ...row, spark: sparks[i]! }));
    return { rows, total: page.total, sums: page.sums };
  }

  *#flame(file: ProjectFile, readers: readonly TrackReader[], question: Question<'allocations.flame'>): Slices<AllocationFlame> {
    const { list, tracks } = yield* this.#sited(file, readers, question);
    return yield* flameOf(list, yield* sumsBySite(list, tracks, rangeOf(question)), question);
  }

  /** Throws `session.missing`. */
  #durationOf(file: ProjectFile, session: SessionId): number {
    const { duration } = file.sessions.get(session);
    return file.allocations.tracks(session).reduce((end, { row }) => Math.max(end, row.to), duration);
  }

  #readers(file: ProjectFile, { session, process }: Scope): TrackReader[] {
    const tracks = file.allocations.tracks(session).filter(({ row }) => process === null || row.process === process);
    return tracks.map((track) => new TrackReader(track, this.#cache));
  }

  /** The sites are copied: another query may add some meanwhile. */
  *#sited(file: ProjectFile, readers: readonly TrackReader[], { session, mine }: Scope): Slices<{ list: Site[]; tracks: SitedTrack[] }> {
    const known = this.#sitesOf(file, session, mine);
    const tracks: SitedTrack[] = [];
    for (const reader of readers) tracks.push({ reader, sites: yield* sitesOf(known, reader.track) });
    return { list: known.sites.list.slice(), tracks };
  }

  #sitesOf(file: ProjectFile, session: SessionId, mine: boolean): SessionSites {
    const key = `${session} ${mine}`;
    const trees = this.#trees.get(file) ?? new Map<string, SessionSites>();
    this.#trees.set(file, trees);
    const known = trees.get(key) ?? { sites: new Sites(mine), of: new Map<string, { version: number; sites: number[] }>() };
    trees.delete(key);
    trees.set(key, known);
    for (const oldest of trees.keys()) if (trees.size > MOST_TREES) trees.delete(oldest);
    return known;
  }
}

async function run<T>(work: Slices<T>, { signal, check }: QueryContext): Promise<T> {
  return await inSlices(work, signal, check);
}

/** The start of a session is before anything that happened in it. */
function rangeOf({ from, to }: Scope): Range {
  return { from: from === null || from <= 0 ? -Infinity : from, to: to ?? Infinity };
}

function* sitesOf(known: SessionSites, track: StoredTrack): Slices<number[]> {
  const before = known.of.get(track.key);
  if (before?.version === track.treeVersion) return before.sites;
  const sites = yield* known.sites.add(track.tree(), before?.sites ?? []);
  known.of.set(track.key, { version: track.treeVersion, sites });
  return sites;
}

function* sumsBySite(list: readonly Site[], tracks: readonly SitedTrack[], range: Range): Slices<RangeSums> {
  const bySite = new RangeSums(list.length);
  for (const { reader, sites } of tracks) {
    const byNode = yield* rangeSums(reader, sites.length, range);
    for (let node = 0; node < sites.length; node++) bySite.add(sites[node]!, byNode, node);
  }
  return bySite;
}

function* sparksOf({ groups, rows }: TablePage, tracks: readonly SitedTrack[], instants: readonly number[]): Slices<number[][]> {
  const sparks = rows.map(() => new Array<number>(instants.length).fill(0));
  if (rows.length === 0) return sparks;
  const rowOfGroup = new Int32Array(groups.keys.length).fill(-1);
  rows.forEach(({ group }, row) => (rowOfGroup[group] = row));
  for (const { reader, sites } of tracks) {
    const rowOf = Int32Array.from(sites, (site) => rowOfGroup[groups.groupOf[site]!]!);
    const found = yield* levels(reader, rowOf, rows.length, instants);
    sparks.forEach((spark, row) => spark.forEach((_, i) => (spark[i]! += Math.max(0, found[row * instants.length + i]!))));
  }
  return sparks;
}

function* timelines(readers: readonly TrackReader[], times: Float64Array): Slices<AllocationTimeline> {
  const sum = { allocated: new Float64Array(times.length - 1), alive: new Float64Array(times.length - 1) };
  for (const reader of readers) {
    const { allocated, alive } = yield* timeline(reader, times);
    for (let i = 0; i < allocated.length; i++) {
      sum.allocated[i]! += allocated[i]!;
      sum.alive[i]! += alive[i]!;
    }
  }
  return { times, ...sum };
}
