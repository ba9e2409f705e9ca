import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from '../../../src-preload/contract/index.ts';

/** The sample programs that come with the app, the leaky service first. */
export function listSamples(folder: string): Sample[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.py'));
  names.sort((a, b) => Number(b.startsWith('leaky')) - Number(a.startsWith('leaky')) || a.localeCompare(b));
  return names.map((name) => ({ id: name, path: join(folder, name), name }));
}
