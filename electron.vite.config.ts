import { globSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';
import { visibleAttributes, visibleText } from './scripts/lib/visible-text.ts';

const root = import.meta.dirname;

/**
 * Each `*.worker.ts` is an input of its own and lands beside its caller (`out/main/<name>.worker.js`): bundlers do not
 * see `new Worker(new URL(...))` here. Callers choose the suffix by `import.meta.url.endsWith('.ts')`.
 */
function workers(): Record<string, string> {
  const files = globSync('src-main/**/*.worker.ts', { cwd: root });
  return Object.fromEntries(files.map((file) => [basename(file, '.ts'), resolve(root, file)]));
}

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      // Electron 40 and later carry Node 24, and so does the command line.
      target: 'node24',
      reportCompressedSize: false,
      rolldownOptions: {
        input: { index: resolve(root, 'src-main/index.ts'), headless: resolve(root, 'src-main/headless.ts'), ...workers() },
        // Optional native helpers of ws, which does without them.
        external: ['bufferutil', 'utf-8-validate'],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: 'node24',
      reportCompressedSize: false,
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: resolve(root, 'src-preload/index.ts') },
        // A sandboxed preload is loaded as CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'src-renderer'),
    plugins: [vue({ template: { compilerOptions: { nodeTransforms: [visibleAttributes] } } }), visibleText(root)],
    build: {
      outDir: resolve(root, 'out/renderer'),
      target: 'chrome130',
      minify: true,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4096,
      // Inlined assets would need `data:` in the content security policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: { index: resolve(root, 'src-renderer/index.html') } },
    },
  },
});
