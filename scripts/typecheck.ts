/** `npm run typecheck`: engine and scripts, end-to-end tests, window; one after the other, all of them, then one verdict. */
import { runTool } from './lib/tools.ts';

const PARTS = [
  { name: 'node', tool: 'typescript/bin/tsc' },
  { name: 'e2e', tool: 'typescript/bin/tsc' },
  { name: 'web', tool: 'vue-tsc/bin/vue-tsc.js' },
];

const broken = PARTS.filter(({ name, tool }) => {
  const code = runTool(tool, [
    '--noEmit',
    '--pretty',
    '-p',
    `tsconfig.${name}.json`,
    '--incremental',
    '--tsBuildInfoFile',
    `.cache/types/${name}.tsbuildinfo`,
  ]);
  console.log(`types of ${name}: ${code === 0 ? 'in order' : 'to mend'}`);
  return code !== 0;
});
process.exitCode = broken.length ? 1 : 0;
