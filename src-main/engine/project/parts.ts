import type { SessionId } from '../../../src-preload/contract/index.ts';
import type { Connection } from './connection.ts';
import type { IdCounter } from './ids.ts';
import type { LostRows } from './lost-rows.ts';
import type { SessionWriter } from './writer.ts';

/** What the stores of one open project share. */
export interface ProjectParts {
  readonly connection: Connection;
  readonly ids: IdCounter;
  readonly lost: LostRows;
  /** The sessions being recorded: their data in memory takes precedence over the file's. */
  readonly live: ReadonlyMap<SessionId, SessionWriter>;
}
