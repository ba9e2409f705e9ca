/**
 * What can go wrong, as data. The engine throws a code with facts; the window (`src-renderer/format`) and the command line have their own
 * messages. A fact is a value to show, never a sentence, except for `detail`, which may contain the operating system's or SQLite's own
 * message.
 */
export type ErrorCode =
  // programs and interpreters
  | 'interpreter.none' // no Python found
  | 'interpreter.missing' // { path }
  | 'interpreter.not-python' // { path, detail }
  | 'interpreter.unsupported' // { path, version }
  | 'interpreter.crashed' // { path, exitCode, signal, detail }
  | 'launch.script-missing' // { path, detail? }: `folder`, without a main program; `arguments`, which follow the script
  | 'launch.directory-missing' // { path }
  | 'launch.command-empty'
  | 'launch.command-missing' // { command }
  | 'launch.command-malformed' // { command, detail }
  | 'launch.environment-malformed' // { name }
  | 'launch.failed' // { command, detail }
  | 'launch.no-terminal' // {}
  | 'launch.unconfirmed' // { program, interpreter, cwd, environment }: never started on this machine, and not confirmed
  // recording
  | 'recording.not-running' // { session }
  | 'recording.no-agent' // { session }: the program has no connected agent
  | 'recording.disk-full' // { path, detail }
  | 'recording.write-failed' // { path, detail }
  | 'agent.timeout' // { pid, command }
  | 'agent.failed' // { pid, command, reason, detail }: `reason` is a code of PROTOCOL.md
  | 'agent.gone' // { pid }
  | 'agent.closed' // { pid }: its program closed the connection and goes on
  | 'agent.version' // { pid, agent, engine }
  | 'agent.python' // { pid, python }
  | 'agent.protocol' // { pid, detail }
  | 'agent.stranger' // { address, detail }
  | 'agent.unidentified' // { pid }: its own claim
  | 'agent.unrelated' // { pid }: its descent from the program cannot be shown
  // project files
  | 'project.missing' // { path }
  | 'project.not-a-project' // { path, detail }
  | 'project.newer' // { path, version, supported }
  | 'project.damaged' // { path, detail }
  | 'project.read-only' // { path, reason }
  | 'project.in-use' // { path }
  | 'project.exists' // { path }
  | 'project.not-open' // { project }
  | 'project.unconfirmed' // { path }: named by data in a file; never opened on this machine, and not confirmed
  | 'project.recording' // { path }: not while it records
  | 'project.importing' // { path, count }: closing would discard this many snapshots that are being read
  | 'session.missing' // { session }
  | 'series.missing' // { series }
  // heap snapshots
  | 'snapshot.missing' // { snapshot }
  | 'snapshot.busy' // { pid }: one is being taken there
  | 'snapshot.failed' // { pid, detail }
  | 'snapshot.killed' // { pid, signal, seconds }: the capturing child died or did not finish
  | 'snapshot.cancelled' // { pid }
  | 'snapshot.interrupted' // { pid }: the app ended while it was being taken
  | 'snapshot.cut' // { path, detail }: the dump ends too early
  | 'snapshot.damaged' // { path, detail }
  | 'snapshot.newer' // { path, version, supported }
  | 'snapshot.limit' // { detail, objects }: more than the limit allows
  | 'snapshot.no-space' // { path, needed, available }: null if it was found only while writing
  | 'snapshot.unanswered' // { pid }: one was wished at its exit, and it ended before the agent was told
  | 'snapshot.too-large' // { objects, references, needed, available }
  | 'snapshot.not-ready' // { snapshot, state }
  | 'snapshot.census' // { snapshot }: only types were counted there
  | 'snapshot.object-missing' // { snapshot, node }
  | 'filter.unknown-column' // { column }
  // files
  | 'file.missing' // { path }
  | 'file.forbidden' // { path, detail }
  | 'file.foreign' // { path, detail }: beside a project, but made neither by SQLite nor by us
  | 'file.too-large' // { path, size, limit }
  | 'file.name-too-long' // { path, longest }: SQLite's own files beside it would have too long names
  // the machine
  | 'machine.open-files' // { most }: no more files or connections can be opened, here or on the whole machine
  // the process border itself
  | 'call.unknown' // { method }
  | 'call.invalid' // { method, detail }
  | 'call.cancelled'
  | 'call.timeout' // { method }
  | 'call.peer-gone'
  | 'server.port-in-use' // { port }
  | 'server.unauthorized' // { reason: 'token' | 'origin' | 'host' }
  | 'internal'; // { detail }: a defect of ours

export type Facts = Readonly<Record<string, string | number | boolean | null>>;

export interface ErrorData {
  code: ErrorCode;
  facts: Facts;
}
