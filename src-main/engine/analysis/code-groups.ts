import type { TypeName } from '../../../src-preload/contract/index.ts';
import { NONE } from '../heap/graph.ts';
import { indexOf, stringAt, stringOf } from '../heap/strings.ts';
import type { Groups } from './groups.ts';
import type { HeapView } from './heap-view.ts';
import { qualifiedName } from './type-names.ts';

/** Types whose previews are the name and line of code. */
const CODE = new Set(['function', 'method', 'code', 'frame', 'generator', 'coroutine', 'async_generator', 'functools._lru_cache_wrapper']);
const TASKS = new Set(['_asyncio.Task', 'asyncio.tasks.Task']);

/**
 * What code is called and where it stands: coroutines, tasks, generators, frames and functions by type, qualified name, line and state, as
 * `{ module: 'coroutine', name: 'check app.py:41 suspended' }`. A task counts by its coroutine, whatever its own name is. Other objects are
 * in no group. Keys number the names in order of first appearance.
 */
export function codeGroups(view: HeapView): Groups {
  const { previews, type, types } = view.graph;
  const names = types.map(qualifiedName);
  const labels: TypeName[] = [];
  const keys = new Map<string, number>();
  const key: number[] = [];
  const members: number[] = [];
  for (const [i, node] of previews.node.entries()) {
    const module = names[type[node]!]!;
    const isTask = TASKS.has(module);
    if (!isTask && !CODE.has(module)) continue;
    const name = (isTask ? stringOf(previews, coroutineOf(view, node)) : null) ?? stringAt(previews.strings, i);
    const text = `${module}\0${name}`;
    const known = keys.get(text) ?? labels.length;
    if (known === labels.length) labels.push({ module, name });
    keys.set(text, known);
    key.push(known);
    members.push(node);
  }
  const ascending = Uint32Array.from(members);
  return {
    by: 'code',
    keys: labels.length,
    keyOf: (node) => key[indexOf(ascending, node)] ?? NONE,
    label: (i) => labels[i]!,
    parent: null,
    members: ascending,
  };
}

/** What a task runs: the only coroutine that it refers to; `NONE` once it has ended. */
function coroutineOf({ graph }: HeapView, task: number): number {
  for (let edge = graph.edgeStart[task]!; edge < graph.edgeStart[task + 1]!; edge++) {
    const to = graph.edgeTo[edge]!;
    if (graph.types[graph.type[to]!]!.name === 'coroutine') return to;
  }
  return NONE;
}
