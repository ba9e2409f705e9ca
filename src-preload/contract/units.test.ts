import { expectTypeOf, it } from 'vitest';
import type { ProcessId, ProjectId, SeriesId, SessionId, SnapshotId } from './units.ts';

// These assertions are checked by `npm run typecheck`; run as a test it passes whatever the types are.

interface Ids {
  project: ProjectId;
  session: SessionId;
  process: ProcessId;
  series: SeriesId;
  snapshot: SnapshotId;
}
type Kind = keyof Ids;
type Others<One extends Kind> = { [Other in Exclude<Kind, One>]: Ids[One] extends Ids[Other] ? `${One} as ${Other}` : never };
/** Every pair of which the first would be accepted as the second. */
type MixedUp = { [One in Kind]: Others<One>[keyof Others<One>] }[Kind];

it('takes no id of one kind for one of another', () => {
  expectTypeOf<MixedUp>().toBeNever();
});

it('marks the handle of a project too, the only id that is text', () => {
  expectTypeOf<ProjectId>().not.toEqualTypeOf<string>();
});

it('keeps ids apart as arguments, in rows and as keys', () => {
  const session: SessionId = 1;
  const process: ProcessId = 1;
  const nameOf = (id: SessionId): string => `#${id}`;
  const names = new Map<SessionId, string>();
  // @ts-expect-error: an argument
  nameOf(process);
  // @ts-expect-error: a field
  const row: { session: SessionId | null } = { session: process };
  // @ts-expect-error: one of a list
  const sessions: SessionId[] = [session, process];
  // @ts-expect-error: a key
  names.get(process);
  expectTypeOf([row, sessions]).toBeArray();
});

it('takes a literal, or a number that was read, for any id', () => {
  expectTypeOf<number>().toExtend<SessionId>();
  expectTypeOf<'p1'>().toExtend<ProjectId>();
  expectTypeOf<SeriesId>().toExtend<number>();
});
