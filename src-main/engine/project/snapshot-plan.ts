import { z } from 'zod';
import type { SessionId, SnapshotOptions, SnapshotPlan, SnapshotRules } from '../../../src-preload/contract/index.ts';
import { parse } from './rows.ts';
import type { Sqlite } from './sqlite.ts';

const bytes = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export const rulesSchema: z.ZodType<SnapshotRules> = z.object({
  every: z.number().min(1000).max(1e9).nullable(),
  rssAbove: bytes.nullable(),
  rssStep: bytes.nullable(),
  atMark: z.string().min(1).max(200).nullable(),
  atExit: z.boolean(),
  limit: z.number().int().min(0).max(10_000),
});

/** The requested method; the agent may use another. */
export const methodChoiceSchema: z.ZodType<SnapshotOptions['method']> = z.enum(['auto', 'fork', 'in-place', 'python', 'census']);

export const optionsSchema: z.ZodType<SnapshotOptions> = z.object({
  method: methodChoiceSchema,
  collectFirst: z.boolean(),
  previews: z.boolean(),
  redact: z.array(z.string().min(1).max(100)).max(200),
  memoryLimit: bytes.nullable(),
  joinPages: z.boolean().default(false),
});

/** null: nothing is stored, or it cannot be read. */
export function readPlan(db: Sqlite, session: SessionId): SnapshotPlan | null {
  const row = db.get('SELECT rules, options FROM snapshot_plan WHERE id = ?', session);
  const rules = parse<SnapshotRules>(rulesSchema, row?.['rules']);
  const options = parse<SnapshotOptions>(optionsSchema, row?.['options']);
  return rules === null || options === null ? null : { rules, options };
}

/** Inside a transaction. */
export function writePlan(db: Sqlite, session: SessionId, { rules, options }: SnapshotPlan): void {
  const sql = 'INSERT OR REPLACE INTO snapshot_plan (id, rules, options) VALUES (?, ?, ?)';
  db.run(sql, session, JSON.stringify(rules), JSON.stringify(options));
}
