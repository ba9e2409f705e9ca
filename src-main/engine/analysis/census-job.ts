import type { Grouping, GroupRow, HeapSummary, TypeName } from '../../../src-preload/contract/index.ts';
import { CensusReader, type Census, type CountedType } from '../heap/census-reader.ts';
import { NONE, TYPE_FLAG } from '../heap/graph.ts';
import type { ImportedHeap } from './face.ts';
import { basesOf, typeKeys } from './groupings.ts';
import { MOST_ROWS as MOST_TYPES, packTables } from './stored-tables.ts';
import { typeName } from './type-names.ts';

/** A note of the summary: what a census cannot show. */
const NOTE = 'census';
/** There is no heap to compute the rest from, so many are stored. */
const MOST_ROWS = 200_000;

/** The stored form of a count of types: its tables, and no columns. `pieces` are those of the dump. */
export async function importCensus(pieces: AsyncIterable<Uint8Array>): Promise<ImportedHeap> {
  const reader = new CensusReader();
  for await (const piece of pieces) reader.push(piece);
  const census = reader.finish();
  const groups = {
    type: rowsBy(census.types, 'type'),
    module: rowsBy(census.types, 'module'),
    hierarchy: rowsBy(census.types, 'hierarchy'),
  };
  const summary = summaryOf(census, groups.type);
  const kept = Object.fromEntries(Object.entries(groups).map(([by, rows]) => [by, rows.slice(0, MOST_ROWS)]));
  const tables = packTables({ census: true, nodes: 0, edges: 0, summary, groups: kept, parents: Array.from(basesOf(census.types)) });
  const { python, collected } = census.meta;
  const { objects, shallow: size } = summary;
  const facts = { method: 'census', python: python || null, pid: census.pid, collected, previews: false, frames: 0 } as const;
  return {
    summary,
    facts: { ...facts, objects, tracked: objects, references: null, size, garbage: null },
    types: groups.type.slice(0, MOST_TYPES).map(({ label, count, shallow, retained }) => ({ ...label, count, shallow, retained })),
    tables,
  };
}

function summaryOf({ meta }: Census, types: readonly GroupRow[]): HeapSummary {
  return {
    objects: types.reduce((sum, { count }) => sum + count, 0),
    references: 0,
    shallow: types.reduce((sum, { shallow }) => sum + shallow, 0),
    types: types.length,
    roots: [],
    garbage: { objects: 0, shallow: 0 },
    uncollectable: { objects: 0, shallow: 0 },
    external: { objects: 0, references: 0 },
    own: 0,
    arrays: 0,
    sites: false,
    previews: false,
    notes: [NOTE, ...meta.notes],
  };
}

/** By bytes, largest first. References were not followed, so no retained sizes are known. */
function rowsBy(types: readonly CountedType[], by: Extract<Grouping, 'type' | 'module' | 'hierarchy'>): GroupRow[] {
  const keys = typeKeys(types, by === 'module' ? 'module' : 'type');
  const parent = by === 'hierarchy' ? basesOf(types) : null;
  const rows = new Map<number, GroupRow>();
  const rowOf = (key: number): GroupRow => {
    const known = rows.get(key);
    if (known !== undefined) return known;
    const label = labelOf(types[key]!, by);
    const row: GroupRow = {
      key,
      label,
      kind: by,
      children: 0,
      classes: 1,
      count: 0,
      shallow: 0,
      retained: 0,
      atLeast: 'none',
      length: null,
    };
    rows.set(key, row);
    return row;
  };
  for (const [i, { objects, bytes, flags }] of types.entries()) {
    if (objects === 0) continue;
    for (let key = keys[i]!; key !== NONE; key = parent === null ? NONE : parent[key]!) {
      const row = rowOf(key);
      row.count += objects;
      row.shallow += bytes;
      if ((flags & TYPE_FLAG.lowerBound) !== 0) row.atLeast = 'shallow';
    }
  }
  for (const key of rows.keys()) {
    const above = parent === null ? undefined : rows.get(parent[key]!);
    if (above) above.children++;
  }
  return [...rows.values()].sort((a, b) => b.shallow - a.shallow);
}

function labelOf(type: CountedType, by: Grouping): TypeName {
  const name = typeName(type);
  return by === 'module' ? { module: '', name: name.module } : name;
}
