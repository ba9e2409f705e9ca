import { allocations } from './en/allocations.ts';
import { common } from './en/common.ts';
import { compare } from './en/compare.ts';
import { consoleWords } from './en/console.ts';
import { errors } from './en/errors.ts';
import { heap } from './en/heap.ts';
import { launch } from './en/launch.ts';
import { runs } from './en/runs.ts';
import { sessions } from './en/sessions.ts';
import { table } from './en/table.ts';
import { timeline } from './en/timeline.ts';
import { allocationsZh } from './zh-CN/allocations.ts';
import { commonZh } from './zh-CN/common.ts';
import { compareZh } from './zh-CN/compare.ts';
import { consoleZh } from './zh-CN/console.ts';
import { errorsZh } from './zh-CN/errors.ts';
import { heapZh } from './zh-CN/heap.ts';
import { launchZh } from './zh-CN/launch.ts';
import { runsZh } from './zh-CN/runs.ts';
import { sessionsZh } from './zh-CN/sessions.ts';
import { tableZh } from './zh-CN/table.ts';
import { timelineZh } from './zh-CN/timeline.ts';
import type { Same } from './shape.ts';

export type { ErrorVariant, ErrorWords } from './shape.ts';

/** English: the shape that every other language is typed against. */
export const en = { common, launch, sessions, console: consoleWords, table, timeline, heap, allocations, compare, runs, errors };

export type Messages = typeof en;

export const zhCN: Same<Messages> = {
  common: commonZh,
  launch: launchZh,
  sessions: sessionsZh,
  console: consoleZh,
  table: tableZh,
  timeline: timelineZh,
  heap: heapZh,
  allocations: allocationsZh,
  compare: compareZh,
  runs: runsZh,
  errors: errorsZh,
};
