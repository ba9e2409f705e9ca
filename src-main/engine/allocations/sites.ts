import type { SiteTree } from '../project/index.ts';
import { placeOf, type CodePlace } from './code-places.ts';
import type { Slices } from './slices.ts';

/** A frame, or (at depth 0) a thread, below its caller. */
export interface Site {
  /** -1: none. */
  parent: number;
  depth: number;
  /** Qualified name; of a thread its name. */
  function: string;
  file: string;
  line: number;
  place: CodePlace;
}

/** What is shown for a name that was lost with a damaged piece of the file. */
const LOST = '?';
/** No agent sends a longer path; a damaged file may have one. */
const DEEPEST = 1024;
const STEP = 1 << 10;

/**
 * The trees of several processes as one: equal paths are one site. `mine`: a library's frames are left out, so that what they allocate
 * belongs to the nearest caller of the user's own code, or else to the thread.
 *
 * With `mine`, the path `MainThread > app.main > json.loads` of one process and `MainThread > app.main` of another are the sites
 * `0 MainThread`, `1 app.main`; the first process's nodes 0, 1, 2 are sites 0, 1, 1.
 */
export class Sites {
  readonly list: Site[] = [];
  readonly #mine: boolean;
  readonly #places = new Map<string, CodePlace>();
  readonly #children = new Map<string, number>();

  constructor(mine: boolean) {
    this.#mine = mine;
  }

  /** The site of each node; `known` are those of an earlier call for the same, smaller tree. */
  *add(tree: SiteTree, known: readonly number[]): Slices<number[]> {
    const sites = [...known];
    for (let node = sites.length; node < tree.parent.length; node++) {
      if (node % STEP === 0) yield;
      // A parent comes before its nodes, except in a damaged file.
      const above = tree.parent[node] ?? -1;
      sites.push(this.#site(tree, node, above >= 0 && above < node ? sites[above]! : -1));
    }
    return sites;
  }

  #site(tree: SiteTree, node: number, parent: number): number {
    const file = tree.strings[tree.file[node] ?? -1] ?? LOST;
    const place = this.#place(file);
    if (this.#mine && parent >= 0 && !place.own) return parent;
    const name = tree.strings[tree.name[node] ?? -1] ?? LOST;
    const line = tree.line[node] ?? 0;
    const key = `${parent}\0${line}\0${file}\0${name}`;
    const found = this.#children.get(key);
    if (found !== undefined) return found;
    const depth = parent < 0 ? 0 : this.list[parent]!.depth + 1;
    if (depth > DEEPEST) return parent;
    const site = this.list.push({ parent, depth, function: name, file, line, place }) - 1;
    this.#children.set(key, site);
    return site;
  }

  #place(file: string): CodePlace {
    const known = this.#places.get(file);
    if (known !== undefined) return known;
    const place = placeOf(file);
    this.#places.set(file, place);
    return place;
  }
}
