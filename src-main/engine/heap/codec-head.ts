/** The head of a stored heap: `{"version": 1, "unit": 8, "lengths": {"type": 5, …}, "facts": {…}}`, compressed. */
import { zstdDecompressSync } from 'node:zlib';
import { HeapscopeError } from '../base/errors.ts';
import type { Refuse } from './check-tables.ts';
import type { ColumnName } from './column-layout.ts';
import type { HeapFacts } from './graph.ts';
import { compress } from './planes.ts';

export interface Head {
  readonly version: number;
  /** What addresses are multiples of. */
  readonly unit: number;
  readonly lengths: Readonly<Partial<Record<ColumnName, number>>>;
  readonly facts: HeapFacts;
}

const LONGEST = 1024 * 1024;
type Json = Readonly<Record<string, unknown>>;

export function writeHead(head: Head): Uint8Array {
  return compress(new TextEncoder().encode(JSON.stringify(head)));
}

export function readHead(data: Uint8Array, version: number, refuse: Refuse): Head {
  const json = object(parse(data), 'head', refuse);
  const found = number(json, 'version', refuse);
  if (found > version) throw new HeapscopeError('snapshot.newer', { version: found, supported: version });
  if (found !== version) refuse(`version ${found}`);
  const unit = number(json, 'unit', refuse);
  if (unit !== 1 && unit !== 8) refuse('unit of addresses');
  const lengths = object(json['lengths'], 'lengths', refuse);
  for (const name of Object.keys(lengths)) {
    const length = number(lengths, name, refuse);
    if (!Number.isSafeInteger(length) || length < 0 || length >= 2 ** 32) refuse(`length of ${name.slice(0, 40)}`);
  }
  return { version, unit, lengths, facts: readFacts(object(json['facts'], 'facts', refuse), refuse) };
}

function parse(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(zstdDecompressSync(data, { maxOutputLength: LONGEST })));
  } catch {
    return null;
  }
}

function object(value: unknown, what: string, refuse: Refuse): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(what);
  return { ...value };
}

function number(json: Json, name: string, refuse: Refuse): number {
  const value = json[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : refuse(name.slice(0, 40));
}

function readFacts(json: Json, refuse: Refuse): HeapFacts {
  const text = (name: string): string => (typeof json[name] === 'string' ? json[name] : refuse(name));
  const flag = (name: string): boolean => (typeof json[name] === 'boolean' ? json[name] : refuse(name));
  const count = (name: string): number => {
    const value = number(json, name, refuse);
    return value >= 0 ? value : refuse(name);
  };
  // Older files do not have these.
  const size = (name: string): number => (json[name] === undefined ? 0 : count(name));
  const method = text('method');
  if (method !== 'fork' && method !== 'in-place' && method !== 'python') return refuse('method');
  const notes: unknown[] = Array.isArray(json['notes']) ? json['notes'] : refuse('notes');
  return {
    method,
    python: text('python'),
    platform: text('platform'),
    pid: count('pid'),
    time: number(json, 'time', refuse),
    collected: flag('collected'),
    frames: count('frames'),
    freeThreaded: flag('freeThreaded'),
    notes: notes.filter((note) => typeof note === 'string'),
    emptyStr: size('emptyStr'),
    emptyBytes: size('emptyBytes'),
    previews: flag('previews'),
    objects: count('objects'),
    bytes: count('bytes'),
    unreachable: count('unreachable'),
    agentObjects: count('agentObjects'),
    agentBytes: count('agentBytes'),
    missing: count('missing'),
  };
}
