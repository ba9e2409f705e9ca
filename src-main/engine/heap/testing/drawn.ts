/**
 * A small heap drawn as text: each name on the left of a `>` refers to each on its right, and a line may continue from there.
 *
 *     root > a, b > c > d     sys.modules holds a and b, both hold c, c holds d
 *     c > a                   and c holds a
 *     x > y > x               nothing reaches these two
 *
 * `root` is what `sys.modules` holds. Every object is 64 bytes. A reference that is drawn twice exists twice.
 */
import type { HeapSpec } from './dump-builder.ts';
import { edgesOf, type NamedHeap } from './heap-of.ts';

export function drawn(text: string, more: Omit<HeapSpec, 'objects'> = {}): NamedHeap {
  const edges: Record<string, string> = { root: '' };
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const steps = line.split('>').map(names);
    steps.forEach((step, i) => {
      for (const from of step) edges[from] = [edges[from] ?? '', ...(steps[i + 1] ?? [])].join(' ');
    });
  }
  return edgesOf(edges, more);
}

function names(step: string): string[] {
  const found = step.split(',').map((name) => name.trim());
  if (found.some((name) => !/^\w+$/.test(name))) throw new Error(`no names: "${step}"`);
  return found;
}
