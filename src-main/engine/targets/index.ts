/** The room's face: finding interpreters, starting and watching programs. */
export { splitCommandLine, quoteWord } from './command-line.ts';
export { checkInterpreter, clearInterpreterCache, findInterpreters } from './interpreters.ts';
export { checkLaunch, chooseInterpreter } from './launch-check.ts';
export { describeLaunch, planLaunch, workingDirectory } from './launch-plan.ts';
export type { LaunchPlan } from './launch-plan.ts';
export { findKeeper } from './find-keeper.ts';
export type { KeeperPlan } from './terminal-keeper.ts';
export { startKept } from './kept-target.ts';
export { keepOutput } from './output-keeper.ts';
export type { OutputKeeper } from './output-keeper.ts';
export { startWithPipes } from './pipe-target.ts';
export { hasTerminals, startInPty } from './pty-target.ts';
export { SIGNALS } from './target.ts';
export type { StartedTarget, Starter, Target, TargetExit } from './target.ts';
export type { ProcessSample, TreeSample, TreeSampler } from './sampler/types.ts';
export { watchOutOfMemory } from './out-of-memory.ts';
export type { OutOfMemoryWatch } from './out-of-memory.ts';
export { createTreeSampler } from './sampler/create-tree-sampler.ts';
