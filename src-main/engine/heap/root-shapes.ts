/**
 * Names for the edges of synthetic nodes: a shape for every frame with named locals, one without names for the others.
 * A frame with the locals `x` and `y` (labels 4 and 5), after three shapes of the dump:
 *
 *     shapes  0 1 2 | 3: unnamed | 4: [4 5]      shape[frame] = 4, shape[super] = 3
 */
import { REST } from './graph.ts';
import type { Shapes } from './graph.ts';
import { sharedU32, sharedU8 } from './memory.ts';
import type { RootPlan } from './root-plan.ts';

/** `shape` is changed in place. */
export function withRootShapes(
  shapes: Shapes,
  shape: Uint32Array,
  { roots }: RootPlan,
  nodeOf: (planned: number) => number,
): { shape: Uint32Array; shapes: Shapes } {
  const named = roots.filter(({ labels }) => labels !== null);
  const first = shapes.rest.length;
  const start = sharedU32(first + named.length + 2);
  const label = sharedU32(named.reduce((sum, { labels }) => sum + labels!.length, shapes.label.length));
  const rest = sharedU8(first + named.length + 1);
  start.set(shapes.start);
  label.set(shapes.label);
  rest.set(shapes.rest);
  rest.fill(REST.unnamed, first);
  start[first + 1] = shapes.label.length;
  for (const { root } of roots) shape[nodeOf(root.node)] = first;
  for (const [i, { root, labels }] of named.entries()) {
    label.set(labels!, start[first + 1 + i]);
    start[first + 2 + i] = start[first + 1 + i]! + labels!.length;
    shape[nodeOf(root.node)] = first + 1 + i;
  }
  return { shape, shapes: { start, label, rest } };
}
