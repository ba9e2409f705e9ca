/** Unit aliases: a number says what it measures. They cost nothing and stop nothing; they are for the reader. */
export type Milliseconds = number;
export type Bytes = number;
/** Milliseconds since the start of the session; fractions are allowed. */
export type SessionTime = number;
/** Milliseconds since 1970-01-01 UTC. */
export type UnixTime = number;
/** Handle of an open project, given by the engine; valid until it is closed. */
export type ProjectId = string;
/** Number of a session inside its project; stays the same when the project is reopened. */
export type SessionId = number;
/** Number of a process inside its session's project. Not the pid: pids come back. */
export type ProcessId = number;
/** Number of a series inside its project. */
export type SeriesId = number;
/** Number of a heap snapshot inside its project; stays the same when the project is reopened. */
export type SnapshotId = number;
