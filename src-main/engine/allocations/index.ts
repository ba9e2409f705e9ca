/** The face of this room. */
export { AllocationQueries } from './queries.ts';
export { AllocationRecorder } from './recorder.ts';
