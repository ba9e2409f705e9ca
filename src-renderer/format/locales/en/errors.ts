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
    what: '{path} ended with code {exitCode} when asked for its version.',
    next: 'Run it in a terminal to see why, or choose another interpreter.',
  },
  'interpreter.crashed-signal': {
    what: '{path} was ended by {signal} when asked for its version.',
    next: 'Run it in a terminal to see why, or choose another interpreter.',
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
  'launch.failed': { what: '{command} could not be started.', next: 'Check that it may be executed.' },
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
  'agent.version': {
    what: 'Process {pid} brought an agent of another version ({agent} instead of {engine}).',
    next: 'Look for another Heapscope on PYTHONPATH and remove it.',
  },
  'agent.protocol': { what: 'The agent of process {pid} broke the protocol and was cut off.', next: 'The program goes on without it.' },
  'agent.stranger': {
    what: 'Something at {address} that is not our agent connected to the agent’s port and was refused.',
    next: 'If this repeats, look at what runs on this machine.',
  },
  'project.missing': { what: 'There is no project at {path}.', next: 'It may have been moved or deleted; open it from where it is now.' },
  'project.not-a-project': { what: '{path} is not a Heapscope project.', next: 'Choose a file that ends in .heapscope.' },
  'project.newer': {
    what: '{path} was made by a newer Heapscope (format {version}, this one reads up to {supported}).',
    next: 'Update Heapscope. The file is untouched.',
  },
  'project.damaged': { what: '{path} is damaged and cannot be opened.', next: 'The file is left as it is; a copy of it may be whole.' },
  'project.read-only': { what: '{path} can only be read.', next: 'Save it elsewhere to change it.' },
  'project.in-use': { what: '{path} is in use by another Heapscope.', next: 'Close it there, or go on reading it here.' },
  'project.exists': { what: 'There is already a file at {path}.', next: 'Choose another name, or allow it to be replaced.' },
  'project.not-open': { what: 'That project is no longer open.', next: 'Open it again.' },
  'project.recording': { what: '{path} is being recorded into.', next: 'Stop the recording first.' },
  'session.missing': { what: 'Session {session} is not in this project.', next: 'It may have been deleted; choose another.' },
  'series.missing': { what: 'Series {series} is not in this project.', next: 'Reload the session.' },
  'file.missing': { what: 'There is nothing at {path}.', next: 'Check the path.' },
  'file.forbidden': { what: '{path} may not be read or written.', next: 'Change its permissions, or choose another place.' },
  'file.too-large': { what: '{path} is too large: {size}, and {limit} is the most.', next: 'Open it by its path instead of dropping it.' },
  'call.unknown': { what: 'The engine does not know “{method}”.', next: 'Window and engine differ in version: reload the window.' },
  'call.invalid': { what: 'The engine refused the call “{method}”.', next: 'This is a defect of Heapscope; please report it.' },
  'call.cancelled': { what: 'Cancelled.', next: '' },
  'call.timeout': { what: 'The engine did not answer “{method}” in time.', next: 'Try again.' },
  'call.peer-gone': { what: 'The connection to the engine was lost.', next: 'Reload the window; a running recording goes on.' },
  'server.port-in-use': { what: 'Port {port} is in use.', next: 'Choose another port.' },
  'server.unauthorized': {
    what: 'The engine refused this window ({reason}).',
    next: 'Open the address that Heapscope printed at its start, with its token.',
  },
  internal: { what: 'Something went wrong inside Heapscope.', next: 'Please report it with the text below.' },
  unknown: { what: 'Something went wrong that this version has no words for ({code}).', next: 'Reload the window, or update Heapscope.' },
};
