import { visibleLine, type ErrorCode, type ErrorData, type Facts } from '../../src-preload/contract/index.ts';

type Words = (facts: Facts) => string;

const named = (facts: Facts, name: string): string => String(facts[name] ?? '?');
/** The system's own message, if it gave one. */
const because = (facts: Facts): string =>
  facts.detail === undefined || facts.detail === null || facts.detail === '' ? '' : ` (${facts.detail})`;

/** What failed, where, and what to do next; one line each. */
const WORDS: Readonly<Record<ErrorCode, Words>> = {
  'interpreter.none': () => 'no Python was found: put python3 on PATH or name one in the command',
  'interpreter.missing': (f) => `${named(f, 'path')} does not exist: check the path of the interpreter`,
  'interpreter.not-python': (f) => `${named(f, 'path')} is not a Python interpreter${because(f)}: name another`,
  'interpreter.unsupported': (f) => `${named(f, 'path')} is Python ${named(f, 'version')}, which is not supported: use CPython 3.9 to 3.15`,
  'interpreter.crashed': (f) => `${named(f, 'path')} failed to start${because(f)}: run it by hand to see why`,
  'launch.script-missing': (f) => `${named(f, 'path')} does not exist: check the path of the script`,
  'launch.directory-missing': (f) => `the directory ${named(f, 'path')} does not exist: choose another`,
  'launch.command-empty': () => 'no program was given: put it after --, as in heapscope record -o out.heapscope -- python script.py',
  'launch.command-missing': (f) => `${named(f, 'command')} was not found: check its name and PATH`,
  'launch.command-malformed': (f) => `the command line cannot be split into words${because(f)}: ${named(f, 'command')}`,
  'launch.environment-malformed': (f) => `${named(f, 'name')} is not a name for an environment variable: leave = and NUL out`,
  'launch.no-terminal': () =>
    'the program runs without a terminal of its own: the terminal module was not built (install a C++ compiler and make, then run npm ci)',
  'launch.failed': (f) => `${named(f, 'command')} could not be started${because(f)}`,
  'launch.unconfirmed': (f) => `${named(f, 'program')} was never started on this machine: look at it in the window before it runs`,
  'recording.not-running': (f) => `session ${named(f, 'session')} is not being recorded`,
  'recording.no-agent': (f) => `no process of session ${named(f, 'session')} has an agent: only Python programs can do this`,
  'recording.disk-full': (f) => `the disk is full: ${named(f, 'path')} keeps what was written so far, the program goes on unrecorded`,
  'recording.write-failed': (f) => `${named(f, 'path')} cannot be written any more${because(f)}: it keeps what was written so far`,
  'agent.timeout': (f) => `process ${named(f, 'pid')} did not answer "${named(f, 'command')}" in time: it may be busy in C code`,
  'agent.failed': (f) => `process ${named(f, 'pid')} could not do "${named(f, 'command')}"${because(f)}`,
  'agent.gone': (f) => `process ${named(f, 'pid')} is gone`,
  'agent.closed': (f) =>
    `process ${named(f, 'pid')} closed its agent's connection, as programs do that close every descriptor: the program goes on, take the snapshot again`,
  'agent.version': (f) =>
    `process ${named(f, 'pid')} has the agent of another Heapscope (${named(f, 'agent')}): it is watched from outside only`,
  'agent.python': (f) =>
    `process ${named(f, 'pid')} runs Python ${named(f, 'python')}, for which there is no agent (3.9 to 3.15): it was watched from outside only, and no snapshot of it was taken`,
  'agent.protocol': (f) => `the agent of process ${named(f, 'pid')} sent invalid data${because(f)}: it is watched from outside only`,
  'agent.stranger': (f) => `${named(f, 'address')} tried to connect as an agent and was refused${because(f)}`,
  'agent.unidentified': (f) =>
    `an agent that calls itself process ${named(f, 'pid')} could not be identified: it is recorded apart and never signalled`,
  'agent.unrelated': (f) =>
    `process ${named(f, 'pid')} cannot be shown to descend from the program: it is recorded, never signalled, and not waited for`,
  'project.missing': (f) => `${named(f, 'path')} does not exist: check the path of the project`,
  'project.not-a-project': (f) => `${named(f, 'path')} is not a Heapscope project and was not changed: check the path`,
  'project.newer': (f) =>
    `${named(f, 'path')} was written by a newer Heapscope (format ${named(f, 'version')}, this one reads up to ${named(f, 'supported')}): update to open it`,
  'project.damaged': (f) =>
    `${named(f, 'path')} is damaged and nothing of it can be read${because(f)}: it was not changed, a backup copy may be intact`,
  'project.read-only': (f) => readOnly(f),
  'project.in-use': (f) => `${named(f, 'path')} is open in another Heapscope: close it there or use another file`,
  'project.exists': (f) => `${named(f, 'path')} exists already: use another name`,
  'project.not-open': () => 'the project is not open any more',
  'project.unconfirmed': (f) => `${named(f, 'path')} was never opened on this machine: choose it yourself to look at it`,
  'project.recording': (f) => `a recording into ${named(f, 'path')} is running: stop it first`,
  'project.importing': (f) => `snapshots are still being read into ${named(f, 'path')}: wait for them`,
  'session.missing': (f) => `there is no session ${named(f, 'session')} in this project`,
  'series.missing': (f) => `there is no series ${named(f, 'series')} in this project`,
  'snapshot.missing': (f) => `there is no snapshot ${named(f, 'snapshot')} in this project`,
  'snapshot.busy': (f) => `a snapshot of process ${named(f, 'pid')} is being taken already: wait for it`,
  'snapshot.failed': (f) => `the snapshot of process ${named(f, 'pid')} failed${because(f)}: the program goes on`,
  'snapshot.killed': (f) => `the capture of process ${named(f, 'pid')} did not finish: the program goes on`,
  'snapshot.cancelled': (f) => `the snapshot of process ${named(f, 'pid')} was cancelled`,
  'snapshot.interrupted': (f) => `Heapscope ended while the snapshot of process ${named(f, 'pid')} was being taken: nothing of it was kept`,
  'snapshot.cut': (f) => `the dump of the heap ends too early${because(f)}: take the snapshot again`,
  'snapshot.damaged': (f) => `the stored heap is damaged${because(f)}: take the snapshot again`,
  'snapshot.newer': (f) =>
    `the snapshot has format ${named(f, 'version')}, this Heapscope reads up to ${named(f, 'supported')}: update to look at it`,
  'snapshot.limit': (f) => `the capture stopped at its limit${because(f)}: raise the limit`,
  'snapshot.no-space': (f) => `there is not enough space for a snapshot in ${named(f, 'path')}: free some space`,
  'snapshot.too-large': (f) => `the heap is too large to analyse here: ${named(f, 'objects')} objects need ${named(f, 'needed')} bytes`,
  'snapshot.unanswered': (f) =>
    `process ${named(f, 'pid')} ended before its agent was told to take a snapshot at its exit: the recorder was busy, take one earlier`,
  'snapshot.not-ready': (f) => `snapshot ${named(f, 'snapshot')} is not analysed yet: wait for it`,
  'snapshot.census': (f) => `snapshot ${named(f, 'snapshot')} counts types only: take a full one`,
  'snapshot.object-missing': (f) => `snapshot ${named(f, 'snapshot')} has no object ${named(f, 'node')}`,
  'filter.unknown-column': (f) => `the rows have no column ${named(f, 'column')}: correct the filter`,
  'file.missing': (f) => `${named(f, 'path')} does not exist`,
  'file.forbidden': (f) => `${named(f, 'path')} cannot be used${because(f)}: check its permissions`,
  'file.name-too-long': (f) =>
    `the name of ${named(f, 'path')} is too long for the files that are written beside it: use a shorter one (at most ${named(f, 'longest')} bytes)`,
  'file.foreign': (f) => `${named(f, 'path')} is beside a project but was not made for it${because(f)}: nothing was opened, move it away`,
  'file.too-large': (f) => `${named(f, 'path')} is too large (${named(f, 'size')} bytes of at most ${named(f, 'limit')})`,
  'machine.open-files': (f) =>
    `no more files can be opened (${named(f, 'most')} at most): end programs that hold many connections, or raise the limit with ulimit -n`,
  'call.unknown': (f) => `there is no call ${named(f, 'method')}`,
  'call.invalid': (f) => `an argument is not valid${because(f)}: see --help`,
  'call.cancelled': () => 'cancelled',
  'call.timeout': (f) => `${named(f, 'method')} took too long`,
  'call.peer-gone': () => 'the other side is gone',
  'server.port-in-use': (f) => `port ${named(f, 'port')} is in use: name another with --port, or leave --port out`,
  'server.unauthorized': () => 'the address needs its token: open the whole address as printed',
  internal: (f) => `this is a bug in Heapscope${because(f)}: please report it`,
};

/** An error as one line. */
export function wordError(error: ErrorData): string {
  return visibleLine(WORDS[error.code](error.facts).replaceAll(/\s*[\r\n]+\s*/g, ' '));
}

function readOnly(facts: Facts): string {
  const path = named(facts, 'path');
  if (facts.reason === 'in-use') return WORDS['project.in-use'](facts);
  if (facts.reason === 'name') return `the name of ${path} is too long for the files beside it: give it a shorter one`;
  if (facts.reason === 'lock') return `the lock beside ${path} was not made by Heapscope: move ${path}-lock away`;
  if (facts.reason === 'damaged') return `${path} is damaged: open it in the app to save what can be read`;
  return `${path} cannot be written: check its permissions or use another file`;
}
