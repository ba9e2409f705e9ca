import { z } from 'zod';
import type { SessionMethods } from '../../src-preload/contract/index.ts';
import { ids, name, note, path, project, session, time } from './arguments.ts';
import { nothing, type Calls } from './calls.ts';

/** Where a caller names no number. */
const SESSIONS_AT_ONCE = 1000;
const of = z.object(session);
const several = z.object({ project, sessions: ids });

export const sessionCalls: Calls<SessionMethods> = {
  'sessions.list': {
    args: z.object({ project, after: z.number().int().min(0).optional(), limit: z.number().int().min(1).max(10_000).optional() }),
    answer: ({ engine }, { project, after = 0, limit = SESSIONS_AT_ONCE }) => engine.projects.file(project).sessionsAfter(after, limit),
  },
  'sessions.update': {
    args: z.object({ ...session, name: name.optional(), note: note.optional() }),
    answer: ({ engine }, { project, session, ...patch }) => engine.projects.writable(project).updateSession(session, patch),
  },
  'sessions.delete': { args: several, answer: ({ engine }, { project, sessions }) => nothing(engine.deleteSessions(project, sessions)) },
  'sessions.restore': { args: several, answer: ({ engine }, { project, sessions }) => nothing(engine.restoreSessions(project, sessions)) },
  'sessions.copy': {
    args: z.object({ project, sessions: ids, toPath: path }),
    answer: ({ engine }, { project, sessions, toPath }, context) => engine.projects.copySessions(project, sessions, toPath, context),
  },
  'sessions.processes': { args: of, answer: ({ engine }, { project, session }) => engine.projects.file(project).processes(session) },
  'sessions.series': { args: of, answer: ({ engine }, { project, session }) => engine.projects.file(project).series(session) },
  'sessions.events': {
    args: z.object({ ...session, from: time, to: time, limit: z.number().int().min(0).max(100_000) }),
    answer: ({ engine }, { project, session, from, to, limit }) => engine.projects.file(project).events(session, from, to, limit),
  },
};
