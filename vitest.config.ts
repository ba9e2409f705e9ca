import { availableParallelism } from 'node:os';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';
import { visibleAttributes, visibleText } from './scripts/lib/visible-text.ts';

export default defineConfig({
  plugins: [vue({ template: { compilerOptions: { nodeTransforms: [visibleAttributes] } } }), visibleText(import.meta.dirname)],
  test: {
    testTimeout: 120_000,
    // Most of the time they wait for programs that they started.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    projects: [
      {
        extends: true,
        test: {
          name: 'engine',
          environment: 'node',
          include: ['src-main/**/*.test.ts', 'src-preload/**/*.test.ts', 'scripts/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: { name: 'window', environment: 'happy-dom', css: { include: [/tokens\.css/] }, include: ['src-renderer/**/*.test.ts'] },
      },
    ],
  },
});
