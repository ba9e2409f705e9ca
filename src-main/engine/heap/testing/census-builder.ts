/** A census as bytes, for tests; `change` makes it invalid. */
import { DUMP_FLAG } from '../dump-numbers.ts';
import { NONE } from '../graph.ts';
import { ByteWriter } from './byte-writer.ts';
import { DumpFile } from './dump-file.ts';

export interface CountedSpec {
  module: string;
  name: string;
  /** Index of the base. */
  base?: number;
  objects?: number;
  bytes?: number;
}

export interface CensusChange {
  status?: number;
  nodes?: number;
  method?: string;
  /** One more count, of the type of this index. */
  extra?: number;
}

export function censusOf(types: readonly CountedSpec[], change: CensusChange = {}): Uint8Array<ArrayBuffer> {
  const { status = 0, nodes = 0, method = 'census', extra } = change;
  const meta = { method, python: '3.12.1', platform: 'linux', t: 1, collected: false, frames: 0, free_threaded: false, notes: [] };
  const table = new ByteWriter();
  for (const { module, name, base = NONE } of types) table.u32(0).u32(0).u32(base).string(module).string(name);
  const counts = new ByteWriter();
  const counted = types.flatMap(({ objects = 0, bytes = 0 }, i) => (objects > 0 ? [{ i, objects, bytes }] : []));
  if (extra !== undefined) counted.push({ i: extra, objects: 1, bytes: 1 });
  for (const { i, objects, bytes } of counted) counts.u32(i).u64(objects).u64(bytes);
  return new DumpFile({ flags: DUMP_FLAG.census })
    .block('META', 1, new TextEncoder().encode(JSON.stringify(meta)))
    .block('CENS', counted.length, counts.finish())
    .block('TYPE', types.length, table.finish())
    .finish(nodes, 0, status);
}
