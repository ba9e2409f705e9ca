import type { AppInfo, Args, MethodName, Result } from '../../src-preload/contract/index.ts';
import type { Engine } from '../engine/index.ts';
import { listFolder } from '../engine/workspace/files.ts';
import type { CallContext } from './router.ts';
import { heapHandlers, runHandlers, snapshotHandlers } from './snapshot-handlers.ts';

export type Handlers = { [M in MethodName]: (args: Args<M>, context: CallContext) => Promise<Result<M>> | Result<M> };

/** Each method of the contract as calls of the engine. */
export function createHandlers(engine: Engine, info: (shell: AppInfo['shell']) => AppInfo): Handlers {
  return {
    ...appHandlers(engine, info),
    ...targetHandlers(engine),
    ...projectHandlers(engine),
    ...sessionHandlers(engine),
    ...recordingHandlers(engine),
    ...snapshotHandlers(engine),
    ...heapHandlers(engine),
    ...runHandlers(engine),
  };
}

/** Where a caller names no number. */
const SESSIONS_AT_ONCE = 1000;

type Part<Prefix extends string> = Pick<Handlers, Extract<MethodName, `${Prefix}.${string}`>>;

function appHandlers(engine: Engine, info: (shell: AppInfo['shell']) => AppInfo): Part<'app' | 'settings' | 'files'> {
  return {
    'app.info': (_args, context) => info(context.shell),
    'settings.get': () => engine.settings.get(),
    'settings.set': (patch) => engine.settings.set(patch),
    'files.list': ({ path, filter }) => listFolder(path, filter, engine.home),
    'files.receive': async ({ name, data }) => ({ path: await engine.dropped.receive(name, data) }),
  };
}

function targetHandlers(engine: Engine): Part<'interpreters' | 'launch'> {
  return {
    'interpreters.list': ({ cwd, refresh }, { signal }) => engine.launcher.interpreters(cwd, refresh, signal),
    'interpreters.check': ({ path }) => engine.launcher.checkInterpreter(path),
    'launch.check': ({ spec }, { signal }) => engine.launcher.checkLaunch(spec, signal),
    'launch.recents': () => engine.recents.launches(),
    'launch.forget': ({ id }) => nothing(engine.recents.forgetLaunch(id)),
    'launch.samples': () => engine.samples(),
  };
}

function projectHandlers(engine: Engine): Part<'projects'> {
  const { projects, recents } = engine;
  return {
    'projects.new': () => projects.create(),
    'projects.open': ({ path }) => projects.open(path),
    'projects.list': () => projects.list(),
    'projects.saveAs': ({ project, path, overwrite }, context) => projects.saveAs(project, path, overwrite, context),
    'projects.close': async ({ project, discard }) => nothing(await engine.closeProject(project, discard)),
    'projects.recents': () => recents.projects(),
    'projects.forget': ({ path }) => nothing(recents.forgetProject(path)),
  };
}

function sessionHandlers(
  engine: Engine,
): Part<'sessions' | 'timeline'> & Pick<Handlers, 'console.info' | 'console.read' | 'console.search'> {
  const { projects } = engine;
  return {
    'sessions.list': ({ project, after, limit }) =>
      after === undefined ? projects.file(project).listSessions() : projects.file(project).sessionsAfter(after, limit ?? SESSIONS_AT_ONCE),
    'sessions.update': ({ project, session, ...patch }) => projects.writable(project).updateSession(session, patch),
    'sessions.delete': ({ project, sessions }) => nothing(engine.deleteSessions(project, sessions)),
    'sessions.restore': ({ project, sessions }) => nothing(engine.restoreSessions(project, sessions)),
    'sessions.copy': ({ project, sessions, toPath }, context) => projects.copySessions(project, sessions, toPath, context),
    'sessions.processes': ({ project, session }) => projects.file(project).processes(session),
    'sessions.series': ({ project, session }) => projects.file(project).series(session),
    'sessions.events': ({ project, session, from, to, limit }) => projects.file(project).events(session, from, to, limit),
    'timeline.window': ({ project, ...request }) => projects.file(project).window(request),
    'timeline.stats': ({ project, series, from, to }) => projects.file(project).stats(series, from, to),
    'console.info': ({ project, session }) => projects.file(project).consoleInfo(session),
    'console.read': ({ project, session, offset, limit }) => projects.file(project).readConsole(session, offset, limit),
    'console.search': ({ project, session, text, matchCase, limit }) =>
      projects.file(project).searchConsole(session, text, matchCase, limit),
  };
}

function recordingHandlers(engine: Engine): Part<'recording'> & Pick<Handlers, 'console.write' | 'console.resize'> {
  const { recordings } = engine;
  return {
    'recording.start': async ({ spec, project, columns, rows }) => {
      const started = await engine.record(spec, { project, columns, rows, starter: 'pty' });
      return { project: started.project, session: started.recording.session };
    },
    'recording.states': () => recordings.states(),
    'recording.stop': ({ project, session, how }) => nothing(recordings.get(project, session).stop(how)),
    'recording.collect': ({ project, session }) => recordings.get(project, session).collect(),
    'recording.tracemalloc': ({ project, session, frames }) => recordings.get(project, session).tracemalloc(frames),
    'recording.pause': ({ project, session, paused }) => nothing(recordings.get(project, session).pause(paused)),
    'recording.mark': ({ project, session, name }) => recordings.get(project, session).mark(name),
    'console.write': ({ project, session, data }) => nothing(recordings.get(project, session).write(data)),
    'console.resize': ({ project, session, columns, rows }) => nothing(recordings.get(project, session).resize(columns, rows)),
  };
}

/** For methods whose result has no fields. */
function nothing(_done: void): Record<never, never> {
  return {};
}
