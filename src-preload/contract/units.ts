/** Unit aliases: the type of a number shows what it measures. They are for the reader; the compiler does not distinguish them. */
export type Milliseconds = number;
export type Bytes = number;
/** Milliseconds since the start of the session; fractions are allowed. */
export type SessionTime = number;
/** Milliseconds since 1970-01-01 UTC. */
export type UnixTime = number;

declare const _kind: unique symbol;
/**
 * Tells the compiler alone what an id identifies: no value has this property. A literal, or a number that was read, becomes any id; an id
 * of one kind is rejected where another is expected. A mapped type, so that Vue sees a plain number in props.
 */
type Of<Kind extends string> = { readonly [K in typeof _kind]?: Kind };

/** Handle of an open project, given by the engine; valid until it is closed. */
export type ProjectId = string & Of<'project'>;
/** Number of a session inside its project; unchanged when the project is reopened. */
export type SessionId = number & Of<'session'>;
/** Number of a process inside its session's project. Not the pid: pids are reused. */
export type ProcessId = number & Of<'process'>;
/** Number of a series inside its project. */
export type SeriesId = number & Of<'series'>;
/** Number of a heap snapshot inside its project; unchanged when the project is reopened. */
export type SnapshotId = number & Of<'snapshot'>;
