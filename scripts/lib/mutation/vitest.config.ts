import { defineConfig } from 'vitest/config';
import type { TestProjectInlineConfiguration } from 'vitest/config';
import base from '../../../vitest.config.ts';
import { ROOM } from './names.ts';

const room = process.env[ROOM] ?? '';

/** One project's tests of the room, with the hooks that carry a mutant into worker threads and report which mutants they covered. */
function ofRoom(project: TestProjectInlineConfiguration): TestProjectInlineConfiguration {
  const { include = [], ...test } = project.test ?? {};
  const side = room.split('/')[0] ?? '';
  return {
    extends: false,
    plugins: base.plugins,
    test: {
      ...test,
      testTimeout: base.test?.testTimeout,
      include: include.some((glob) => glob.startsWith(side)) ? [`${room}/**/*.test.ts`] : [],
      setupFiles: ['scripts/lib/mutation/setup.ts'],
      execArgv: ['--import', new URL('./in-worker.ts', import.meta.url).href],
    },
  };
}

const isProject = (given: unknown): given is TestProjectInlineConfiguration =>
  typeof given === 'object' && given !== null && !('then' in given);

const projects = (base.test?.projects ?? []).filter(isProject);
export default defineConfig({ root: process.cwd(), test: { projects: projects.map(ofRoom) } });
