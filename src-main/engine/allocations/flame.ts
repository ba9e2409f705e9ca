import type { AllocationFlame, AllocationMeasure } from '../../../src-preload/contract/index.ts';
import { measured, type RangeSums } from './estimates.ts';
import type { Site } from './sites.ts';
import type { Slices } from './slices.ts';

/** More boxes than a picture can show. */
const MOST = 50_000;
const STEP = 1 << 10;

/** A tree of calls; node 0 is all of them. */
interface Calls {
  parent: number[];
  bytes: number[];
  blocks: number[];
  /** A site with its names; of node 0 none. */
  site: number[];
}

export interface FlameQuestion {
  of: AllocationMeasure;
  direction: 'callers' | 'callees';
  smallest: number;
}

/** Who called whom. Where more was freed than made (`growth`), nothing is drawn: a box has no negative width. */
export function* flameOf(sites: readonly Site[], bySite: RangeSums, { of, direction, smallest }: FlameQuestion): Slices<AllocationFlame> {
  const value = (site: number): { bytes: number; blocks: number } => {
    const { bytes, blocks } = measured(bySite, site, of);
    return bytes > 0 ? { bytes, blocks: Math.max(0, blocks) } : { bytes: 0, blocks: 0 };
  };
  const calls = direction === 'callees' ? yield* inwards(sites, value) : yield* outwards(sites, value);
  return pruned(sites, calls, smallest);
}

type Value = (site: number) => { bytes: number; blocks: number };

function* inwards(sites: readonly Site[], value: Value): Slices<Calls> {
  const length = sites.length + 1;
  const calls: Calls = { parent: [-1], bytes: new Array<number>(length).fill(0), blocks: new Array<number>(length).fill(0), site: [-1] };
  for (const [at, site] of sites.entries()) {
    calls.parent.push(site.parent + 1);
    calls.site.push(at);
    const { bytes, blocks } = value(at);
    calls.bytes[at + 1] = bytes;
    calls.blocks[at + 1] = blocks;
    if (at % STEP === 0) yield;
  }
  // A parent comes before what it calls.
  for (let node = length - 1; node > 0; node--) {
    calls.bytes[calls.parent[node]!]! += calls.bytes[node]!;
    calls.blocks[calls.parent[node]!]! += calls.blocks[node]!;
  }
  return calls;
}

function* outwards(sites: readonly Site[], value: Value): Slices<Calls> {
  const calls: Calls = { parent: [-1], bytes: [0], blocks: [0], site: [-1] };
  const known = new Map<string, number>();
  const frames = new Map<string, number>();
  const frameOf = sites.map(({ function: name, file, line }) => {
    const key = `${file}\0${line}\0${name}`;
    const frame = frames.get(key) ?? frames.size;
    frames.set(key, frame);
    return frame;
  });
  for (let at = 0; at < sites.length; at++) {
    if (at % 64 === 0) yield;
    const { bytes, blocks } = value(at);
    if (bytes === 0) continue;
    let node = 0;
    calls.bytes[0]! += bytes;
    calls.blocks[0]! += blocks;
    for (let site = at; site >= 0; site = sites[site]!.parent) {
      const key = `${node} ${frameOf[site]}`;
      let next = known.get(key);
      if (next === undefined) {
        next = calls.parent.push(node) - 1;
        calls.site.push(site);
        calls.bytes.push(0);
        calls.blocks.push(0);
        known.set(key, next);
      }
      calls.bytes[next]! += bytes;
      calls.blocks[next]! += blocks;
      node = next;
    }
  }
  return calls;
}

/** Without what is too small; a node is never larger than its parent, so whole branches go. */
function pruned(sites: readonly Site[], calls: Calls, smallest: number): AllocationFlame {
  const total = calls.bytes[0]!;
  const there = calls.bytes.reduce((count, bytes) => count + (bytes > 0 ? 1 : 0), 0);
  let least = total * smallest;
  const kept = (): number[] => calls.parent.map((_, node) => node).filter((node) => node === 0 || isKept(calls.bytes[node]!, least));
  let nodes = kept();
  while (nodes.length > MOST) {
    least = Math.max(least, total * 1e-6) * 2;
    nodes = kept();
  }
  const places = new Map(nodes.map((node, place) => [node, place]));
  const siteOf = (node: number): Site | undefined => sites[calls.site[node]!];
  return {
    parent: Float64Array.from(nodes, (node) => places.get(calls.parent[node]!) ?? -1),
    bytes: Float64Array.from(nodes, (node) => calls.bytes[node]!),
    blocks: Float64Array.from(nodes, (node) => calls.blocks[node]!),
    function: nodes.map((node) => siteOf(node)?.function ?? ''),
    file: nodes.map((node) => siteOf(node)?.file ?? ''),
    line: Float64Array.from(nodes, (node) => siteOf(node)?.line ?? 0),
    own: Uint8Array.from(nodes, (node) => (siteOf(node)?.place.own === true || siteOf(node)?.depth === 0 ? 1 : 0)),
    total,
    left: Math.max(0, there - nodes.length + (total > 0 ? 0 : 1)),
  };
}

function isKept(bytes: number, least: number): boolean {
  return bytes > 0 && bytes >= least;
}
