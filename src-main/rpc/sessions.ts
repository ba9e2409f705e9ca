import { z } from 'zod';
import type { SessionMethods } from '../../src-preload/contract/index.ts';
import { ids, name, note, path, project, session, sessionId, time } from './arguments.ts';
import { nothing, type Calls } from './calls.ts';

const of = z.object(session);
const several = z.object({ project, sessions: ids(sessionId) });

export const sessionCalls: Calls<SessionMethods> = {
  'sessions.list': {
    args: z.object({ project, after: sessionId.optional(), limit: z.number().int().min(1).max(10_000).optional() }),
    answer: ({ engine }, args) => engine.sessions.list(args),
  },
  'sessions.update': {
    args: z.object({ ...session, name: name.optional(), note: note.optional() }),
    answer: ({ engine }, args) => engine.sessions.update(args),
  },
  'sessions.delete': { args: several, answer: ({ engine }, args) => nothing(engine.sessions.delete(args)) },
  'sessions.restore': { args: several, answer: ({ engine }, args) => nothing(engine.sessions.restore(args)) },
  'sessions.copy': {
    args: z.object({ project, sessions: ids(sessionId), toPath: path }),
    answer: ({ engine }, args, context) => engine.sessions.copy(args, context),
  },
  'sessions.processes': { args: of, answer: ({ engine }, args) => engine.sessions.processes(args) },
  'sessions.series': { args: of, answer: ({ engine }, args) => engine.sessions.series(args) },
  'sessions.events': {
    args: z.object({ ...session, from: time, to: time, limit: z.number().int().min(0).max(100_000) }),
    answer: ({ engine }, args) => engine.sessions.events(args),
  },
};
