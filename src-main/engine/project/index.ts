/** The face of this room. */
export { ProjectFile, type NewSession } from './project-file.ts';
export { SessionWriter } from './writer.ts';
