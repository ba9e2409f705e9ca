/** What the skins share with the engine apart from its nouns: errors as data, the log, the clock, listeners. */
export { monotonicNow } from '../base/clock.ts';
export { hold, type Disposable } from '../base/disposable.ts';
export { Emitter } from '../base/emitter.ts';
export { HeapscopeError, messageOf, systemCode, toErrorData } from '../base/errors.ts';
export { isShallow } from '../base/frame-depth.ts';
export { outliveReaders, silentLog, stderrLog, type Log } from '../base/log.ts';
