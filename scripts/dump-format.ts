/** `npm run dump-format`: writes the numbers of the dump (python-agent/dump-format.json) for C, Python and TypeScript. */
import { writeFileSync } from 'node:fs';
import { generatedFiles, readTable } from './lib/dump-format.ts';
import { inRoot } from './lib/paths.ts';

for (const { path, text } of generatedFiles(readTable())) writeFileSync(inRoot(path), text);
