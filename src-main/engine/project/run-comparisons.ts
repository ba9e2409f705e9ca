import { z } from 'zod';
import type { RunComparison } from '../../../src-preload/contract/index.ts';
import type { Connection } from './connection.ts';
import { id as rowId, text } from './cells.ts';
import { readable, type LostRows } from './lost-rows.ts';
import { parse } from './rows.ts';
import { BadCell, type Row } from './sqlite.ts';

/** The shape of a comparison, whether from a file or from a window. */
export const comparisonSchema = z.object({
  id: z.number().int().nonnegative(),
  name: z.string().min(1).max(500),
  runs: z.array(z.object({ path: z.string().min(1).max(32_768).nullable(), uuid: z.string().max(100) })).max(100),
  baseline: z.number().int().nonnegative(),
  align: z.union([z.object({ at: z.literal('start') }), z.object({ at: z.literal('mark'), name: z.string().max(200) })]),
  layout: z.enum(['overlay', 'lanes']),
  metric: z.string().max(100),
}) satisfies z.ZodType<RunComparison>;

/** Comparisons of runs, stored in the project. */
export class RunComparisons {
  readonly #connection: Connection;

  readonly #lost: LostRows;

  constructor(connection: Connection, lost: LostRows) {
    this.#connection = connection;
    this.#lost = lost;
  }

  list(): RunComparison[] {
    const sql = 'SELECT * FROM run_comparison ORDER BY id';
    return this.#connection.read((db) => [...readable(db.iterate(sql), toComparison, 'run_comparison', this.#lost)]);
  }

  /** id 0 creates a new one, as does one that no longer exists. */
  save(comparison: RunComparison): RunComparison {
    const body = JSON.stringify(comparison);
    const { id, name } = comparison;
    const kept = this.#connection.write((db) => {
      const known = id > 0 && db.run('UPDATE run_comparison SET name = ?, body = ? WHERE id = ?', name, body, id).changes === 1;
      return known ? id : db.run('INSERT INTO run_comparison (name, body) VALUES (?, ?)', name, body).id;
    });
    return { ...comparison, id: kept };
  }

  delete(id: number): void {
    this.#connection.write((db) => db.run('DELETE FROM run_comparison WHERE id = ?', id));
  }
}

function toComparison(row: Row): RunComparison {
  const body = parse<RunComparison>(comparisonSchema, row['body']);
  if (body === null) throw new BadCell('body');
  return { ...body, id: rowId(row, 'id'), name: text(row, 'name', 500) };
}
