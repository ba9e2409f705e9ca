/** Builds the agent's C core (python-agent/native) if it is stale. Without a C compiler it prints a note and succeeds. */
import { buildNative } from './lib/native.ts';

const result = buildNative();
if (result.state === 'missing') {
  process.stderr.write(`heapscope: the agent's C core was not built: ${result.why}. Heap snapshots will stop the program.\n`);
}
