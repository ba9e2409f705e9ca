import type { GroupHistory, GroupRow, Result } from '../../../../src-preload/contract/index.ts';
import { labelKey } from '../compare-keys.ts';
import type { HeapCache } from '../heap-cache.ts';
import type { StoredTables } from '../stored-tables.ts';
import type { QueryJob } from '../jobs.ts';

/**
 * Groups over the snapshots of a process, from the stored figures of each. Groups are matched by label: each snapshot numbers its keys
 * independently.
 */
export async function history(
  { args, sources, history: all }: QueryJob<'heap.history'>,
  heaps: HeapCache,
): Promise<Result<'heap.history'>> {
  const own = await heaps.tables(sources[0]!);
  const found = await Promise.all(all.map(async (source) => ({ source, tables: await heaps.tables(source) })));
  // A census counts only what the collector tracks: its figures cannot be compared with those of whole heaps.
  const alike = found.filter(({ tables }) => (tables.census ?? false) === (own.census ?? false));
  const labels = new Map(own.groups[args.by]?.map((row) => [row.key, labelKey(row)]));
  const figures = alike.map(({ tables }) => byLabel(tables, args.by));
  const rows = args.keys.map((key): GroupHistory => {
    const label = labels.get(key);
    const same = figures.map((of) => (label === undefined ? undefined : of.get(label)));
    return { key, counts: same.map((row) => row?.count ?? null), shallow: same.map((row) => row?.shallow ?? null) };
  });
  return { snapshots: alike.map(({ source }) => source.snapshot), rows };
}

function byLabel({ groups }: StoredTables, by: GroupRow['kind']): Map<string, GroupRow> {
  return new Map(groups[by]?.map((row) => [labelKey(row), row]));
}
