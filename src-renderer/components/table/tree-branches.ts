import type { RowKey } from './columns.ts';

/** Children that are fetched at a time. */
export const CHILDREN_PAGE = 100;

/** Children of one node, in the requested order. */
export interface Children<Node> {
  nodes: Node[];
  /** The total number. */
  total: number;
}

/** A row of a tree: a node, or a line that represents nodes that are not loaded. */
export type TreeRow<Node> =
  | { kind: 'node'; key: string; parent: number; level: number; node: Node; state: 'open' | 'closed' | 'leaf' }
  | { kind: 'more'; key: string; parent: number; level: number; branch: string; left: number }
  | { kind: 'loading'; key: string; parent: number; level: number; branch: string }
  | { kind: 'failed'; key: string; parent: number; level: number; branch: string; text: string };

/** Key of the branch whose children are at the top. */
export const ROOT = '';

interface Branch<Node> {
  nodes: Node[];
  /** null: not known yet. */
  total: number | null;
  loading: AbortController | null;
  failure: string | null;
}

export interface BranchesOptions<Node> {
  /** `parent` null: at the top. */
  children: (parent: Node | null, from: number, count: number, signal: AbortSignal) => Promise<Children<Node>>;
  /** Among its siblings. */
  keyOf: (node: Node) => RowKey;
  /** 0: a leaf; null: unknown until it is opened. */
  countOf: (node: Node) => number | null;
  explain: (thrown: unknown) => string;
  changed: () => void;
}

/**
 * The branches of a tree that were opened so far, and the rows that they form. A node's key is its path, since the same node may occur in
 * many places.
 */
export class TreeBranches<Node> {
  readonly #options: BranchesOptions<Node>;
  readonly #branches = new Map<string, Branch<Node>>();

  constructor(options: BranchesOptions<Node>) {
    this.#options = options;
  }

  /** Children at the top; null: not known yet. */
  get roots(): number | null {
    return this.#branches.get(ROOT)?.total ?? null;
  }

  /** Fetches the next children of a branch, unless that is in progress. */
  load(key: string, parent: Node | null): void {
    const branch = this.#branch(key);
    if (branch.loading !== null || (branch.total !== null && branch.nodes.length >= branch.total)) return;
    const own = (branch.loading = new AbortController());
    branch.failure = null;
    void this.#fetch(parent, branch.nodes.length, own.signal).then(
      ({ nodes, total }) => {
        if (own.signal.aborted) return;
        branch.loading = null;
        branch.nodes = [...branch.nodes, ...nodes];
        // A short page is the last one, whatever was announced: otherwise requests would never end.
        branch.total = nodes.length === 0 ? branch.nodes.length : total;
        this.#options.changed();
      },
      (thrown: unknown) => {
        if (own.signal.aborted) return;
        branch.loading = null;
        branch.failure = this.#options.explain(thrown);
        this.#options.changed();
      },
    );
  }

  /** Abandons the requests in flight. `why`: shown on their branches, which can be requested again. */
  stop(why: string | null): void {
    for (const branch of this.#branches.values()) {
      if (branch.loading === null) continue;
      branch.loading.abort();
      branch.loading = null;
      branch.failure = why;
    }
    if (why !== null) this.#options.changed();
  }

  /** The rows from top to bottom; open branches that were never loaded are fetched. No recursion: a tree may be a chain. */
  rows(isOpen: (key: string) => boolean): TreeRow<Node>[] {
    const rows: TreeRow<Node>[] = [];
    const stack = [{ key: ROOT, parent: -1, level: 1, at: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const branch = this.#branch(top.key);
      const node = branch.nodes[top.at];
      if (node === undefined) {
        const last = this.#lastRow(top.key, branch, top.parent, top.level);
        if (last !== null) rows.push(last);
        stack.pop();
        continue;
      }
      top.at += 1;
      const key = `${top.key}/${this.#options.keyOf(node)}`;
      const open = this.#options.countOf(node) !== 0 && isOpen(key);
      const state = open ? 'open' : this.#options.countOf(node) === 0 ? 'leaf' : 'closed';
      rows.push({ kind: 'node', key, parent: top.parent, level: top.level, node, state });
      if (!open) continue;
      if (!this.#branches.has(key)) this.load(key, node);
      stack.push({ key, parent: rows.length - 1, level: top.level + 1, at: 0 });
    }
    return rows;
  }

  /** Deferred: rows are built inside a Vue computed value, which must not track what fetching reads and writes. */
  async #fetch(parent: Node | null, from: number, signal: AbortSignal): Promise<Children<Node>> {
    await Promise.resolve();
    return signal.aborted ? { nodes: [], total: 0 } : this.#options.children(parent, from, CHILDREN_PAGE, signal);
  }

  #lastRow(key: string, { nodes, total, loading, failure }: Branch<Node>, parent: number, level: number): TreeRow<Node> | null {
    const place = { parent, level, branch: key };
    if (loading !== null) return { kind: 'loading', key: `${key}/ loading`, ...place };
    if (failure !== null) return { kind: 'failed', key: `${key}/ failed`, ...place, text: failure };
    const left = (total ?? 0) - nodes.length;
    return left > 0 ? { kind: 'more', key: `${key}/ more`, ...place, left } : null;
  }

  #branch(key: string): Branch<Node> {
    let branch = this.#branches.get(key);
    if (branch === undefined) this.#branches.set(key, (branch = { nodes: [], total: null, loading: null, failure: null }));
    return branch;
  }
}
