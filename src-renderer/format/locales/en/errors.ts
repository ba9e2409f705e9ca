import type { ErrorMessages } from '../shape.ts';

export const errors: ErrorMessages = {
  'interpreter.none': {
    what: 'No Python was found on this machine.',
    next: 'Install Python 3.9 or later, or choose an interpreter by its path.',
  },
  'interpreter.missing': { what: 'There is no interpreter at {path}.', next: 'Check the path, or choose another interpreter.' },
  'interpreter.not-python': { what: '{path} is not a Python interpreter.', next: 'Choose the python executable itself.' },
  'interpreter.unsupported': {
    what: '{path} is Python {version}, which cannot be profiled.',
    next: 'Use CPython 3.9 to 3.15.',
  },
  'interpreter.crashed': {
    what: '{path} exited with code {exitCode} when asked for its version.',
    next: 'Run it in a terminal to see why, or choose another interpreter.',
  },
  'interpreter.crashed-signal': {
    what: '{path} was ended by {signal} when asked for its version.',
    next: 'Run it in a terminal to see why, or choose another interpreter.',
  },
  'interpreter.crashed-timeout': {
    what: '{path} did not answer when asked for its version.',
    next: 'Run it in a terminal to see why, or choose another interpreter.',
  },
  'interpreter.not-python-folder': {
    what: '{path} is a folder without a Python.',
    next: 'Choose an environment’s folder, or the python executable itself.',
  },
  'interpreter.not-python-executable': { what: '{path} may not be executed.', next: 'Choose the python executable itself.' },
  'launch.script-missing-folder': {
    what: '{path} is a folder without a __main__.py.',
    next: 'Python runs a folder only by its __main__.py: choose a file in it.',
  },
  'launch.script-missing-arguments': { what: 'There is no script at {path}.', next: 'What follows the script goes into Arguments.' },
  'launch.command-malformed-shell': {
    what: 'No shell is started: pipes, redirections and variables have no meaning in {command}',
    next: 'To have a shell run it, put it in quotes after “sh -c”.',
  },
  'launch.command-malformed-module': {
    what: '“{command}” is not the name of a module.',
    next: 'A name has letters, digits, _ and dots; what follows it goes into Arguments.',
  },
  'launch.script-missing': { what: 'There is no script at {path}.', next: 'Check the path, or browse for the script.' },
  'launch.directory-missing': { what: 'There is no folder at {path}.', next: 'Check the working directory.' },
  'launch.command-empty': { what: 'Nothing to run yet.', next: 'Fill in what to run.' },
  'launch.command-missing': {
    what: 'The command {command} was not found.',
    next: 'Check its spelling, or whether it is installed in the chosen environment.',
  },
  'launch.command-malformed': { what: 'The command line cannot be read: {command}', next: 'Check its quotes and backslashes.' },
  'launch.environment-malformed': {
    what: '“{name}” cannot be the name of an environment variable.',
    next: 'Use a name without “=” that is not empty.',
  },
  'launch.unconfirmed': {
    what: '{program} was never started on this machine.',
    next: 'Check what it runs in the form before you record it.',
  },
  'launch.no-terminal': {
    what: 'The program runs without a terminal: the terminal module was not built.',
    next: 'Its output is recorded, but it gets no input. Install a C++ compiler and make, then run npm ci.',
  },
  'launch.failed': { what: '{command} could not be started.', next: 'Check that you have permission to execute it.' },
  'recording.not-running': { what: 'The session is not being recorded any more.', next: 'Record it again to act on it.' },
  'recording.no-agent': {
    what: 'The program has no connected agent.',
    next: 'Wait until a Python process has joined; programs run with -I, -E or -S cannot join.',
  },
  'recording.disk-full': {
    what: 'The disk is full: the recording into {path} has ended. The program goes on.',
    next: 'What was written is kept. Free some space, then record again.',
  },
  'recording.write-failed': {
    what: 'The recording into {path} could not be written and has ended. The program goes on.',
    next: 'What was written is kept. Check the disk, then record again.',
  },
  'agent.timeout': {
    what: 'Process {pid} did not answer “{command}” in time.',
    next: 'It may be busy in C code that holds the interpreter lock; try again later.',
  },
  'agent.failed': { what: 'Process {pid} could not do “{command}”.', next: 'The program is undisturbed; try again.' },
  'agent.gone': { what: 'Process {pid} is gone.', next: 'Choose another process, or record again.' },
  'agent.closed': {
    what: 'Process {pid} closed its agent’s connection, as programs do that close every descriptor.',
    next: 'The program goes on. Take the snapshot again once its agent has joined again.',
  },
  'agent.version': {
    what: 'Process {pid} has an agent of another version ({agent} instead of {engine}).',
    next: 'Look for another Heapscope on PYTHONPATH and remove it.',
  },
  'agent.python': {
    what: 'Process {pid} runs Python {python}, for which there is no agent: it is watched from outside only, and no snapshot of it is taken.',
    next: 'Use Python 3.9 to 3.15.',
  },
  'agent.protocol': { what: 'The agent of process {pid} broke the protocol and was cut off.', next: 'The program goes on without it.' },
  'agent.stranger': {
    what: 'Refused a connection: {address} is not a Heapscope agent.',
    next: 'If this repeats, look at what runs on this machine.',
  },
  'agent.unidentified': {
    what: 'An agent that calls itself process {pid} could not be identified.',
    next: 'Its data is recorded separately from the program’s processes; it is never signalled.',
  },
  'agent.unrelated': {
    what: 'Process {pid} has an agent of this recording, but cannot be shown to descend from the program.',
    next: 'It is recorded until the program’s own processes have ended, and never signalled.',
  },
  'project.missing': { what: 'There is no project at {path}.', next: 'It may have been moved or deleted; open it from where it is now.' },
  'project.not-a-project': { what: '{path} is not a Heapscope project.', next: 'The file has no Heapscope header. Choose another file.' },
  'project.newer': {
    what: '{path} was made by a newer Heapscope (format {version}, this one reads up to {supported}).',
    next: 'Update Heapscope. The file is untouched.',
  },
  'project.damaged': { what: '{path} is damaged and cannot be opened.', next: 'The file is left unchanged; a backup copy may be intact.' },
  'project.read-only': { what: '{path} is read-only.', next: 'Save it elsewhere to change it.' },
  'project.in-use': { what: '{path} is in use by another Heapscope.', next: 'Close it there, or go on reading it here.' },
  'project.exists': { what: 'There is already a file at {path}.', next: 'Choose another name, or replace it.' },
  'project.not-open': { what: 'That project is no longer open.', next: 'Open it again.' },
  'project.unconfirmed': {
    what: 'This comparison names {path}, which was never opened on this machine.',
    next: 'Heapscope has not tried to read it. Open it only if you know this file.',
  },
  'project.recording': { what: 'A recording into {path} is running.', next: 'Stop the recording first.' },
  'project.importing': { what: 'Snapshots are still being read into {path}.', next: 'Wait for them, or close it without them.' },
  'session.missing': { what: 'Session {session} is not in this project.', next: 'It may have been deleted; choose another.' },
  'series.missing': { what: 'Series {series} is not in this project.', next: 'Reload the session.' },
  'snapshot.missing': { what: 'Snapshot {snapshot} is not in this project.', next: 'It may have been deleted. Choose another.' },
  'snapshot.busy': { what: 'A snapshot of process {pid} is being taken already.', next: 'Wait for it to end, or cancel it.' },
  'snapshot.failed': {
    what: 'The snapshot of process {pid} failed: {detail}',
    next: 'The program goes on. Try again, or choose another capture method.',
  },
  'snapshot.killed': {
    what: 'The capture of process {pid} did not finish.',
    next: 'The program goes on. Try again, or capture in place: the program is then paused while its heap is read.',
  },
  'snapshot.cancelled': { what: 'The snapshot of process {pid} was cancelled.', next: 'Take another one at any time.' },
  'snapshot.interrupted': {
    what: 'Heapscope ended while the snapshot of process {pid} was being taken.',
    next: 'Nothing of it was kept. Take the snapshot again.',
  },
  'snapshot.cut': { what: 'The dump of the heap ends too early: {detail}', next: 'Nothing of it was kept. Take the snapshot again.' },
  'snapshot.damaged': {
    what: 'The stored heap is damaged: {detail}',
    next: 'It cannot be trusted and is not shown. Take the snapshot again.',
  },
  'snapshot.newer': {
    what: 'The snapshot is of format {version}; this Heapscope reads up to {supported}.',
    next: 'Update Heapscope to look at it.',
  },
  'snapshot.limit': { what: 'The capture stopped at its limit: {detail}', next: 'Raise the limit, or count types only.' },
  'snapshot.no-space': {
    what: 'There is not enough space for a snapshot in {path}.',
    next: 'Free some space, then take it again. The program goes on.',
  },
  'snapshot.unanswered': {
    what: 'Process {pid} ended before its agent was told to take a snapshot at its exit.',
    next: 'Heapscope was busy, with many processes for example. Let the program take it: `heapscope_agent.snapshot()`.',
  },
  'snapshot.too-large': {
    what: 'The heap is too large to analyse here: {objects} objects need {needed}, and {available} is free.',
    next: 'Count types only, close other programs, or use a machine with more memory.',
  },
  'snapshot.not-ready': { what: 'Snapshot {snapshot} is not ready yet.', next: 'Wait until it is analysed.' },
  'snapshot.census': {
    what: 'Snapshot {snapshot} counts types only: it has no single objects, holders or retained sizes.',
    next: 'Look at its types, or take a full snapshot.',
  },
  'snapshot.object-missing': { what: 'Snapshot {snapshot} has no object {node}.', next: 'Go back, or choose another object.' },
  'filter.unknown-column': { what: 'The rows have no column {column}.', next: 'Correct the filter.' },
  'file.missing': { what: 'There is nothing at {path}.', next: 'Check the path.' },
  'file.forbidden': { what: 'There is no permission to read or write {path}.', next: 'Change its permissions, or choose another place.' },
  'file.name-too-long': {
    what: 'The name of {path} is too long: files beside it cannot be written.',
    next: 'Use a shorter name, of at most {longest} bytes.',
  },
  'file.foreign': {
    what: '{path} is beside a project, but was not made for it.',
    next: 'Nothing was opened or changed. Move that file away, then try again.',
  },
  'file.too-large': { what: '{path} is too large: {size}; the limit is {limit}.', next: 'Open it by its path instead of dropping it.' },
  'machine.open-files': {
    what: 'No more files or connections can be opened: the limit is {most}.',
    next: 'End a recording whose program holds very many connections, or raise the limit (ulimit -n), and try again.',
  },
  'call.unknown': { what: 'The engine does not know “{method}”.', next: 'Window and engine differ in version: reload the window.' },
  'call.invalid': { what: 'The engine refused the call “{method}”.', next: 'This is a bug in Heapscope; please report it.' },
  'call.cancelled': { what: 'Cancelled.', next: '' },
  'call.timeout': { what: 'The engine did not answer “{method}” in time.', next: 'Try again.' },
  'call.peer-gone': { what: 'The connection to the engine was lost.', next: 'Try again once the window has reconnected.' },
  'server.port-in-use': { what: 'Port {port} is in use.', next: 'Choose another port.' },
  'server.unauthorized': {
    what: 'The engine refused this window ({reason}).',
    next: 'Open the address that Heapscope printed at its start, with its token.',
  },
  internal: { what: 'Something went wrong inside Heapscope.', next: 'Please report it with the text below.' },
  unknown: { what: 'An error occurred that this version does not know ({code}).', next: 'Reload the window, or update Heapscope.' },
};
