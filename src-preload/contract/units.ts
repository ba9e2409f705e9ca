/** Unit aliases: a number says what it measures. They cost nothing and stop nothing; they are for the reader. */
export type Milliseconds = number;
export type Bytes = number;
/** Milliseconds since the start of the session; fractions are allowed. */
export type SessionTime = number;
/** Milliseconds since 1970-01-01 UTC. */
export type UnixTime = number;

declare const _kind: unique symbol;
/**
 * Says what an id is the id of, to the compiler alone: no value has this property. A literal, or a number that was read, becomes
 * any id; an id of one kind is refused where one of another is asked for. A mapped type, as Vue then sees a plain number in props.
 */
type Of<Kind extends string> = { readonly [K in typeof _kind]?: Kind };

/** Handle of an open project, given by the engine; valid until it is closed. */
export type ProjectId = string & Of<'project'>;
/** Number of a session inside its project; stays the same when the project is reopened. */
export type SessionId = number & Of<'session'>;
/** Number of a process inside its session's project. Not the pid: pids come back. */
export type ProcessId = number & Of<'process'>;
/** Number of a series inside its project. */
export type SeriesId = number & Of<'series'>;
/** Number of a heap snapshot inside its project; stays the same when the project is reopened. */
export type SnapshotId = number & Of<'snapshot'>;
