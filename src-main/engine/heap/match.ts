/**
 * Which objects of two snapshots of one process are the same. An address alone proves little: it is reused as soon as an object is freed,
 * often for one of the same type. Earlier and later, by address:
 *
 *     earlier  a list at 64 · b Session at 128 · c str at 192 (digest 7)
 *     later    d list at 64 · e dict at 128    · f str at 192 (digest 9) · g str at 256
 *     same     d = a                           new: e, f, g              gone: b, c
 *
 * Address and type must agree; a contradiction (digest, traceback, contents of immutable objects) excludes a match; further agreement
 * (size, holder, references, digest, traceback) determines the confidence. In preorder a holder comes before what it holds, so that it is
 * decided first.
 */
import { FLAG, NONE } from './graph.ts';
import type { HeapGraph } from './graph.ts';
import { sitePairs, typePairs } from './match-tables.ts';
import { sharedU32, sharedU8 } from './memory.ts';

export const CONFIDENCE = {
  none: 0,
  /** Address and type agree; no other evidence. */
  possible: 1,
  /** Two more facts agree, and the holder is not a different one. */
  likely: 2,
  /** Digest, or traceback with holder or references; or it is a type, or lives as long as the process. */
  certain: 3,
} as const;

export interface HeapMatch {
  /** For each node of the later heap its match in the earlier one, and the inverse; `NONE`: there is none. */
  readonly earlier: Uint32Array;
  readonly later: Uint32Array;
  /** `CONFIDENCE` for each node of the later heap. */
  readonly confidence: Uint8Array;
}

export interface MatchSide {
  readonly graph: HeapGraph;
  /** Objects by ascending address. */
  readonly byAddress: Uint32Array;
  readonly dominators: Uint32Array;
}

/** Types whose instances are immutable: other contents mean another object. */
const FIXED = new Set(['int', 'float', 'complex', 'bool', 'str', 'bytes', 'tuple', 'frozenset', 'range', 'slice', 'code', 'method']);
/** How many references are compared, from the first. */
const COMPARED = 16;

/** Roots are matched too, by what they represent. */
export function matchHeaps(earlier: MatchSide, later: MatchSide): HeapMatch {
  const { nodes } = later.graph;
  const match: HeapMatch = {
    earlier: sharedU32(nodes).fill(NONE),
    later: sharedU32(earlier.graph.nodes).fill(NONE),
    confidence: sharedU8(nodes),
  };
  pairAddresses(earlier, later, match.earlier);
  pairRoots(earlier.graph, later.graph, match.earlier);
  const judge = new Judge(earlier, later, match);
  for (let now = 0; now < nodes; now++) {
    const then = match.earlier[now]!;
    if (then === NONE) continue;
    const confidence = judge.confidence(then, now);
    match.confidence[now] = confidence;
    if (confidence === CONFIDENCE.none) match.earlier[now] = NONE;
    else match.later[then] = now;
  }
  return match;
}

/** Both orders ascend: one walk along the two. */
function pairAddresses(earlier: MatchSide, later: MatchSide, pairs: Uint32Array): void {
  const a = earlier.graph.address;
  const b = later.graph.address;
  for (let i = 0, j = 0; i < earlier.byAddress.length && j < later.byAddress.length;) {
    const then = earlier.byAddress[i]!;
    const now = later.byAddress[j]!;
    const equal = a[then] === b[now];
    if (equal) pairs[now] = then;
    if (equal || a[then]! < b[now]!) i++;
    if (equal || a[then]! > b[now]!) j++;
  }
}

function pairRoots(earlier: HeapGraph, later: HeapGraph, pairs: Uint32Array): void {
  const keyOf = ({ kind, name, ident, depth, file }: HeapGraph['roots'][number]): string =>
    JSON.stringify([kind, name, ident, depth, file]);
  const known = new Map(earlier.roots.map((root) => [keyOf(root), root.node]));
  for (const root of later.roots) {
    const key = keyOf(root);
    pairs[root.node] = known.get(key) ?? NONE;
    known.delete(key);
  }
}

/** The facts of one pair. */
class Judge {
  readonly #a: MatchSide;
  readonly #b: MatchSide;
  readonly #match: HeapMatch;
  readonly #types: Uint32Array;
  readonly #sites: Uint32Array | null;
  readonly #fixed: Uint8Array;
  /** 1: a dominator above it is a different object than before. */
  readonly #elsewhere: Uint8Array;

  constructor(earlier: MatchSide, later: MatchSide, match: HeapMatch) {
    this.#a = earlier;
    this.#b = later;
    this.#match = match;
    this.#elsewhere = new Uint8Array(later.graph.nodes);
    this.#types = typePairs(earlier.graph, later.graph);
    this.#sites = sitePairs(earlier.graph, later.graph);
    this.#fixed = Uint8Array.from(later.graph.types, ({ module, name }) => (module === 'builtins' && FIXED.has(name) ? 1 : 0));
  }

  confidence(then: number, now: number): number {
    const [a, b] = [this.#a.graph, this.#b.graph];
    if ((b.flags[now]! & FLAG.synthetic) !== 0) return CONFIDENCE.certain;
    const type = b.type[now]!;
    if (this.#types[type] !== a.type[then]) return CONFIDENCE.none;
    if ((a.flags[then]! & b.flags[now]! & (FLAG.type | FLAG.immortal)) !== 0) return CONFIDENCE.certain;
    const sized = b.size[now] === a.size[then];
    const digest = this.#digest(then, now);
    const site = this.#site(then, now);
    if (digest === false || site === false) return CONFIDENCE.none;
    const refs = this.#references(then, now);
    if (this.#fixed[type] === 1 && (!sized || (refs !== null && refs < 1))) return CONFIDENCE.none;
    const held = this.#held(then, now);
    const agree = refs !== null && refs >= 0.5;
    if (digest === true && sized) return CONFIDENCE.certain;
    if (site === true && sized && (held === true || agree)) return CONFIDENCE.certain;
    const facts = Number(sized) + Number(held === true) + Number(agree) + Number(site === true);
    return facts >= 2 && refs !== 0 && held !== false ? CONFIDENCE.likely : CONFIDENCE.possible;
  }

  /** null: not in both dumps. */
  #digest(then: number, now: number): boolean | null {
    const a = this.#a.graph.check?.[then] ?? 0;
    const b = this.#b.graph.check?.[now] ?? 0;
    return a === 0 || b === 0 ? null : a === b;
  }

  #site(then: number, now: number): boolean | null {
    const a = this.#a.graph.site?.[then] ?? NONE;
    const b = this.#b.graph.site?.[now] ?? NONE;
    return a === NONE || b === NONE || this.#sites === null ? null : this.#sites[b] === a;
  }

  /**
   * Whether the same object dominates it. null: the super root does, as it dominates whatever is shared, or it is uncertain whether the
   * holder is the same; that is no evidence. If a holder differs, so do the holders of all objects below it.
   */
  #held(then: number, now: number): boolean | null {
    const before = this.#a.dominators[then]!;
    const holder = this.#b.dominators[now]!;
    if (holder === NONE || holder === 0 || before === 0) return null;
    if (this.#match.earlier[holder] !== before || this.#elsewhere[holder] === 1) {
      this.#elsewhere[now] = 1;
      return false;
    }
    return this.#match.confidence[holder]! >= CONFIDENCE.likely ? true : null;
  }

  /**
   * Fraction of the first references that lead to an address that was among the first before, at the same position or, where items were
   * removed, near it; types and immortals are no evidence. null: none left.
   */
  #references(then: number, now: number): number | null {
    const [a, b] = [this.#a.graph, this.#b.graph];
    const from = a.edgeStart[then]!;
    const to = b.edgeStart[now]!;
    const before = Math.min(COMPARED, a.edgeStart[then + 1]! - from);
    const after = Math.min(COMPARED, b.edgeStart[now + 1]! - to);
    let compared = 0;
    let same = 0;
    for (let i = 0; i < after && before > 0; i++) {
      const target = b.edgeTo[to + i]!;
      if ((b.flags[target]! & (FLAG.type | FLAG.immortal | FLAG.synthetic)) !== 0) continue;
      compared++;
      const address = b.address[target];
      let at = Math.min(i, before - 1);
      if (a.address[a.edgeTo[from + at]!] !== address) {
        for (at = 0; at < before && a.address[a.edgeTo[from + at]!] !== address;) at++;
      }
      if (at < before) same++;
    }
    return compared === 0 ? null : same / compared;
  }
}
