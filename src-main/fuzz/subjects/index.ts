import type { Subject } from '../subject.ts';
import { columns } from './columns.ts';
import { dumps } from './dumps.ts';
import { frames } from './frames.ts';
import { projects } from './projects.ts';

/** A recipe goes from its own arbitrary, or from a saved file, straight to its own `run`: no code in between inspects it. */
export const SUBJECTS: readonly Subject<unknown>[] = [projects, columns, dumps, frames];
