import { LABEL, REST } from '../graph.ts';
import { DUMP_ROOT } from '../dump-numbers.ts';
import type { HeapSpec, NamedEdge, ObjectSpec, RootSpec } from './dump-builder.ts';
import { randomBelow } from './oracle.ts';

/** A small heap with a bit of everything: weak and parallel edges, self loops, frames, C code, the agent, missing targets. */
export function randomHeap(seed: number, most = 14): HeapSpec {
  const random = randomBelow(seed * 7919 + 1);
  const count = 1 + random(most);
  const id = (): string => (random(40) === 0 ? 'nowhere' : `o${random(count)}`);
  const edge = (): string | NamedEdge => {
    const kind = random(8);
    if (kind === 0) return { kind: LABEL.field | LABEL.weak, name: 'weak', to: id() };
    return kind < 4 ? { kind: LABEL.attribute, name: `a${random(4)}`, to: id() } : id();
  };
  const objects: ObjectSpec[] = [];
  for (let i = 0; i < count; i++) {
    const edges = Array.from({ length: random(4) }, edge);
    objects.push({
      id: `o${i}`,
      type: `T${random(4)}`,
      size: 16 * (1 + random(20)),
      edges: edges.sort((a, b) => Number(typeof a === 'string') - Number(typeof b === 'string')),
      rest: random(2) === 0 ? REST.items : REST.unnamed,
      flags: random(12) === 0 ? 4 : 0,
      ...(random(8) === 0 ? { external: 1 + random(3) } : {}),
      ...(random(3) === 0 ? { text: `t${random(5)}`, hash: BigInt(random(3)) } : {}),
    });
  }
  return { objects, roots: randomRoots(random, id), addresses: random(2) === 0 };
}

function randomRoots(random: (limit: number) => number, id: () => string): RootSpec[] {
  const refs = (): string[] => Array.from({ length: random(3) }, id);
  const roots: RootSpec[] = [{ kind: DUMP_ROOT.modules, name: 'sys.modules', refs: refs() }];
  if (random(2) === 0) {
    roots.push({ kind: DUMP_ROOT.thread, name: 'MainThread', ident: 99 });
    const locals = refs().map((to): NamedEdge => ({ kind: LABEL.local, name: 'x', to }));
    roots.push({ kind: DUMP_ROOT.frame, name: 'main', parent: 1, line: 12, file: 'app.py', refs: locals });
  }
  if (random(4) === 0) roots.push({ kind: DUMP_ROOT.agent, name: 'agent', refs: refs() });
  if (random(4) === 0) roots.push({ kind: DUMP_ROOT.interned, name: 'interned', refs: refs() });
  return roots;
}
