import { computed, onScopeDispose, shallowRef, toValue, watch } from 'vue';
import type { ComputedRef, MaybeRefOrGetter, Ref } from 'vue';
import { parseFilter } from '../../../src-preload/contract/index.ts';
import type { RowRequest } from '../../../src-preload/contract/index.ts';
import { t } from '../../format/i18n.ts';
import { count as countText } from '../../format/units.ts';
import type { Column, RowKey, Sort } from './columns.ts';
import type { RowSource, TreeFacts } from './source.ts';
import { CHILDREN_PAGE, ROOT, TreeBranches } from './tree-branches.ts';
import type { Children, TreeRow } from './tree-branches.ts';

export interface TreeRowsOptions<Node> {
  /** The subject of the tree, such as an object's number; another value starts over. null: there is nothing to query yet. */
  of: MaybeRefOrGetter<string | number | null>;
  columns: MaybeRefOrGetter<readonly Column<Node>[]>;
  sort?: MaybeRefOrGetter<Sort | null>;
  /** Passed to `children` with each request: the owner of the nodes decides what it means for a branch. */
  filter?: MaybeRefOrGetter<string>;
  /** Keys of open nodes, as paths of `keyOf` from the top; kept by the caller. */
  expanded: Ref<ReadonlySet<string>>;
  /** Children of a node, at most `count` from `from` on; `parent` null: at the top. Also called for nodes that were opened earlier. */
  children: (parent: Node | null, request: RowRequest, signal: AbortSignal) => Promise<Children<Node>>;
  /** Among its siblings. */
  keyOf: (node: Node) => RowKey;
  /** How many children it has; 0: a leaf; null: unknown until it is opened. */
  countOf: (node: Node) => number | null;
  /** A failure as a message. */
  explain: (thrown: unknown) => string;
}

/** A source whose rows are the open branches of a tree. */
export function useTreeRows<Node>(options: TreeRowsOptions<Node>): ComputedRef<RowSource<TreeRow<Node>>> {
  const { expanded } = options;
  /** Counts answers: each creates new rows. */
  const arrived = shallowRef(0);
  const branches = shallowRef<TreeBranches<Node> | null>(null);
  /** Unchanged while the same tree is requested in another order. */
  const before = shallowRef<{ of: string | number; rows: TreeRow<Node>[] } | null>(null);
  const parsed = computed(() => parseFilter(toValue(options.filter) ?? '', toValue(options.columns)));
  const asked = computed(() => JSON.stringify([toValue(options.of), parsed.value.node, toValue(options.sort) ?? null]));

  const begin = (): void => {
    branches.value?.stop(null);
    const of = toValue(options.of);
    const query = { filter: parsed.value.node, sort: toValue(options.sort) ?? null };
    if (of === null) branches.value = null;
    else {
      const fresh: TreeBranches<Node> = new TreeBranches<Node>({
        ...options,
        children: (parent, from, count, signal) => options.children(parent, { ...query, from, count }, signal),
        changed: () => (arrived.value += 1),
      });
      fresh.load(ROOT, null);
      branches.value = fresh;
    }
  };
  watch(asked, begin, { immediate: true, flush: 'sync' });
  onScopeDispose(() => branches.value?.stop(null));

  const rows = computed(() => {
    void arrived.value;
    const fresh = branches.value?.rows((key) => expanded.value.has(key)) ?? [];
    const of = toValue(options.of);
    const waits = branches.value?.roots === null && fresh[0]?.kind === 'loading';
    if (waits && before.value?.of === of) return before.value.rows;
    return fresh;
  });
  watch(
    rows,
    (now) =>
      (before.value =
        toValue(options.of) === null || branches.value?.roots === null ? before.value : { of: toValue(options.of) ?? '', rows: now }),
    { flush: 'sync' },
  );

  return computed(() => sourceOf(rows.value, branches.value, expanded, parsed.value.fault, begin));
}

function sourceOf<Node>(
  rows: TreeRow<Node>[],
  branches: TreeBranches<Node> | null,
  expanded: Ref<ReadonlySet<string>>,
  fault: RowSource<TreeRow<Node>>['fault'],
  begin: () => void,
): RowSource<TreeRow<Node>> {
  const waits = branches !== null && branches.roots === null && rows[0]?.kind !== 'failed';
  // While the top is fetched, the table itself shows it.
  const shown = rows.length === 1 && rows[0]?.kind === 'loading' ? [] : rows;
  return {
    count: shown.length,
    all: branches?.roots ?? 0,
    at: (index) => shown[index],
    keyOf: ({ key }) => key,
    indexOf: (key, near) => (shown[near]?.key === key ? near : shown.findIndex((row) => row.key === key)),
    sums: {},
    fault,
    work: waits ? { done: null, cancel: () => branches.stop(t('table.stopped')) } : null,
    tree: treeFacts(shown, branches, expanded, begin),
  };
}

function treeFacts<Node>(
  rows: TreeRow<Node>[],
  branches: TreeBranches<Node> | null,
  expanded: Ref<ReadonlySet<string>>,
  begin: () => void,
): TreeFacts<TreeRow<Node>> {
  const toggle = (row: TreeRow<Node>): void => {
    if (row.kind === 'node') {
      if (row.state === 'leaf') return;
      const next = new Set(expanded.value);
      if (!next.delete(row.key)) next.add(row.key);
      expanded.value = next;
    } else if (row.kind !== 'loading') {
      const parent = rows[row.parent];
      if (row.branch === ROOT && row.kind === 'failed') begin();
      else branches?.load(row.branch, parent?.kind === 'node' ? parent.node : null);
    }
  };
  return {
    roots: branches?.roots ?? 0,
    level: ({ level }) => level,
    state: (row) => (row.kind === 'node' ? row.state : 'leaf'),
    toggle,
    parentOf: (index) => rows[index]?.parent ?? -1,
    note: (row) => {
      if (row.kind === 'node') return null;
      if (row.kind === 'loading') return { text: t('table.loading'), acts: false };
      if (row.kind === 'failed') return { text: `${row.text} ${t('table.again')}`, acts: true };
      return { text: t('table.more', { n: countText(Math.min(CHILDREN_PAGE, row.left)), left: countText(row.left) }), acts: true };
    },
  };
}
