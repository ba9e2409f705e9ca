import type { GroupHistory, GroupRow, HeapMethods } from '../../../../src-preload/contract/index.ts';
import { labelKey } from '../compare-keys.ts';
import type { HeapCache } from '../heap-cache.ts';
import type { StoredTables } from '../stored-tables.ts';
import type { QueryJob } from '../wire.ts';

/**
 * Groups over the snapshots of a process, from the stored figures of each. A group is the same where its label is: keys
 * count anew in every snapshot.
 */
export async function history(
  { args, sources, history: all }: QueryJob<'heap.history'>,
  heaps: HeapCache,
): Promise<HeapMethods['heap.history']['result']> {
  const own = await heaps.tables(sources[0]!);
  const tables = await Promise.all(all.map((source) => heaps.tables(source)));
  const labels = new Map(own.groups[args.by]?.map((row) => [row.key, labelKey(row)]));
  const figures = tables.map((each) => byLabel(each, args.by));
  const rows = args.keys.map((key): GroupHistory => {
    const label = labels.get(key);
    const found = figures.map((of) => (label === undefined ? undefined : of.get(label)));
    return { key, counts: found.map((row) => row?.count ?? null), shallow: found.map((row) => row?.shallow ?? null) };
  });
  return { snapshots: all.map(({ snapshot }) => snapshot), rows };
}

function byLabel({ groups }: StoredTables, by: GroupRow['kind']): Map<string, GroupRow> {
  return new Map(groups[by]?.map((row) => [labelKey(row), row]));
}
