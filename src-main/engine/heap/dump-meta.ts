/** The `META` block: JSON from an untrusted file, read field by field; a field that is missing or of another type keeps its default. */
import { damaged } from './block-reader.ts';
import type { DumpFacts } from './raw-heap.ts';

export type DumpMeta = Omit<DumpFacts, 'pid' | 'previews' | 'method'> & { method: DumpFacts['method'] | 'census' };

const NOTES = 100;
const NOTE_LENGTH = 1000;

export function readMeta(body: Uint8Array, offset: number): DumpMeta {
  const fields = parse(body, offset);
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name].slice(0, NOTE_LENGTH) : '');
  const number = (name: string): number => (typeof fields[name] === 'number' ? fields[name] : 0);
  const size = (name: string): number => (Number.isSafeInteger(fields[name]) ? Math.max(0, number(name)) : 0);
  const method = text('method');
  if (method !== 'fork' && method !== 'in-place' && method !== 'python' && method !== 'census') throw damaged('META: method', offset);
  const notes: unknown[] = Array.isArray(fields['notes']) ? fields['notes'] : [];
  return {
    method,
    python: text('python'),
    platform: text('platform'),
    time: number('t'),
    collected: fields['collected'] === true,
    frames: number('frames'),
    freeThreaded: fields['free_threaded'] === true,
    emptyStr: size('str_empty'),
    emptyBytes: size('bytes_empty'),
    notes: notes
      .filter((note) => typeof note === 'string')
      .slice(0, NOTES)
      .map((note) => note.slice(0, NOTE_LENGTH)),
  };
}

function parse(body: Uint8Array, offset: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // below
  }
  throw damaged('META is no JSON object', offset);
}
