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
  /** The sessions that record now: what they hold in memory counts before what the file holds. */
  readonly live: ReadonlyMap<SessionId, SessionWriter>;
}
