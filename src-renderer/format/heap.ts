import type {
  Blocker,
  EdgeName,
  GarbageState,
  GroupRow,
  NodeKind,
  ObjectRow,
  ObjectSet,
  PathStep,
  Result,
  SnapshotRow,
  SourceLine,
  TypeName,
} from '../../src-preload/contract/index.ts';
import { t, tData, tn } from './i18n.ts';
import { sessionTime } from './time.ts';
import { bytesAtLeast, bytesExactAtLeast, count } from './units.ts';

/** `collections.OrderedDict`; builtins without their module. */
export const typeText = ({ module, name }: TypeName): string => [module, name].filter((part) => part !== '').join('.');

/** The name of a row of the Types page: a type, a module, `app.py:12`, `Session.user`. */
export function groupText({ kind, label }: Pick<GroupRow, 'kind' | 'label'>): string {
  if (kind === 'module') return label.name || t('heap.types.noModule');
  if (kind === 'site') return label.name || t('heap.types.untraced');
  if (kind === 'code') return `${label.module} ${codeText(label.name)}`;
  return typeText(label);
}

type Sized = Pick<ObjectRow, 'shallow' | 'retained' | 'atLeast'>;
type Size = 'shallow' | 'retained';

/** Whether a size is a lower bound. */
export const isBound = ({ atLeast }: Pick<Sized, 'atLeast'>, size: Size): boolean => atLeast === 'shallow' || atLeast === size;

/** A size, `≥ 12 KiB` where it is a lower bound; every byte for the tooltip. */
export const sizeText = (row: Sized, size: Size): string => bytesAtLeast(row[size], isBound(row, size));
export const sizeTitle = (row: Sized, size: Size): string => bytesExactAtLeast(row[size], isBound(row, size));

type Measured = Pick<Result<'heap.measure'>, 'deep' | 'deepAtLeast'>;
export const deepText = ({ deep, deepAtLeast }: Measured): string => bytesAtLeast(deep, deepAtLeast);
export const deepTitle = ({ deep, deepAtLeast }: Measured): string => bytesExactAtLeast(deep, deepAtLeast);

/** Why no collection frees something. */
export const blockerText = ({ type, frozen }: Blocker): string =>
  frozen ? t('heap.garbage.frozen') : t('heap.garbage.uncollected', { type: typeText(type) });

export const garbageText = (state: GarbageState): string => (state === null ? '' : t(`heap.garbage.${state}`));

/** The full name, for the tooltip: a line of code with its folder. */
export const groupTitle = (row: Pick<GroupRow, 'kind' | 'label'>): string =>
  row.kind === 'site' && row.label.module !== ''
    ? `${row.label.module}${row.label.name.slice(row.label.name.lastIndexOf(':'))}`
    : groupText(row);

/** The same, with an explanation where the name alone is not one. */
export const groupHover = (row: Pick<GroupRow, 'kind' | 'label'>): string =>
  row.kind === 'site' && row.label.name === '' ? t('heap.object.siteUnknown') : groupTitle(row);

/** A reference as Python would write it: `.user`, `["name"]`, `[17]`. */
export function edgeText({ kind, text }: EdgeName): string {
  switch (kind) {
    case 'attribute':
      return `.${text}`;
    case 'key':
    case 'index':
      return text === '' ? '[…]' : `[${text}]`;
    case 'member':
      return '{…}';
    case 'dict-key':
      return `{${text || '…'}:}`;
    case 'field':
    case 'local':
    case 'closure':
    case 'unnamed':
      return text || '→';
    case 'root':
      return text;
  }
}

/** The kind of reference, for the tooltip. */
export const edgeTitle = ({ kind, weak }: EdgeName): string =>
  [tData(`heap.edge.${kind}`), weak ? t('heap.edge.weak') : ''].filter((part) => part !== '').join(', ');

export const kindText = (kind: NodeKind): string => tData(`heap.kind.${kind}`);

export const kindTitle = (kind: NodeKind): string => (kind === 'object' ? '' : tData(`heap.kindTitle.${kind}`));

const KINDS = [
  'modules',
  'threads',
  'interpreter',
  'static-types',
  'garbage',
  'interned',
  'c-code',
  'unreachable',
  'uncollectable',
] as const;

/** A chain of names, "modules › app › [17]", with its root as text. */
export function holderWords(holder: string): string {
  const [root = '', ...rest] = holder.split(' › ');
  const kind = KINDS.find((each) => each === root);
  return [kind === undefined ? root : kindText(kind), ...rest].join(' › ');
}

/** `0x7f3a5c01e2d0`; '' for roots, which have no address. */
export const addressText = (address: number): string => (address === 0 ? '' : `0x${address.toString(16)}`);

const LONGEST_VALUE = 60;
const short = (text: string): string => (text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text);

/** A short description of an object: `dict 0x7f3a…`, `str 'name'`, `Thread MainThread`. */
export function objectText(row: Pick<ObjectRow, 'kind' | 'type' | 'preview' | 'address'>): string {
  if (row.kind !== 'object') return [kindText(row.kind), typeText(row.type) || row.preview].filter((part) => part !== '').join(' ');
  return [typeText(row.type), short(row.preview) || addressText(row.address)].filter((part) => part !== '').join(' ');
}

/** A step of a chain: roots by their kind, objects by their type. */
export function stepText(step: Pick<PathStep, 'kind' | 'type' | 'preview' | 'merged'>): string {
  const one =
    step.kind === 'object'
      ? typeText(step.type)
      : [kindText(step.kind), step.preview || typeText(step.type)].filter((part) => part !== '').join(' ');
  return [one, mergedText(step)].filter((part) => part !== '').join(' ');
}

const CODE = /^(.*\S) (\S+:\d+)(?: (created|running|suspended|closed))?$/;
const CLOSED = / closed$/;

interface CodeParts {
  name: string;
  place: string;
  /** Of coroutines and generators, in words; '': none, or not known. */
  state: string;
}

/** What the text of code or of a class says, `Session.load app.py:41 suspended`; null: it has no line. */
export function codeParts(text: string): CodeParts | null {
  const [, name, place, state] = CODE.exec(text) ?? [];
  return name === undefined || place === undefined ? null : { name, place, state: state === undefined ? '' : tData(`heap.code.${state}`) };
}

/** The same as one text. */
export function codeText(text: string): string {
  const parts = codeParts(text);
  if (parts !== null) return [parts.name, parts.place, parts.state].filter((part) => part !== '').join(' ');
  return text.replace(CLOSED, ` ${t('heap.code.closed')}`);
}

/** Types whose values may look like it and are none. */
export const isText = ({ module, name }: TypeName): boolean => module === '' && (name === 'str' || name === 'bytes');

/** `× 675`: how many objects a step stands for. */
export const mergedText = ({ merged }: Pick<PathStep, 'merged'>): string => (merged === 1 ? '' : `× ${count(merged)}`);

export const lineText = ({ file, line }: SourceLine): string => `${file}:${line}`;

/** `app.py:12`, without the folders. */
export const shortLine = ({ file, line }: SourceLine): string => `${file.split(/[/\\]/).pop() ?? file}:${line}`;

export const snapshotName = ({ name, id }: Pick<SnapshotRow, 'name' | 'id'>): string => name || t('heap.snapshots.unnamed', { n: id });

/** The user cancelled: not a failure. */
export const isCancelled = ({ error }: Pick<SnapshotRow, 'error'>): boolean => error?.code === 'snapshot.cancelled';

/** Its name and time: `before ‧ 00:01:12.4`. */
export const snapshotTitle = (row: SnapshotRow): string =>
  t('heap.snapshots.marker', { name: snapshotName(row), time: sessionTime(row.t) });

/** A description of a set of objects. `object` and `group` name its subject, if known. */
export function setText(set: ObjectSet, object: string, group: string): string {
  switch (set.of) {
    case 'all':
    case 'tracked':
    case 'garbage':
    case 'uncollectable':
      return t(`heap.set.${set.of}`);
    case 'group':
      return group || t('heap.set.anything');
    case 'inside':
      return t('heap.set.inside', { group: group || t('heap.set.anything') });
    case 'nodes':
      return tn('heap.set.nodes', set.nodes.length);
    case 'retained':
    case 'referents':
    case 'referrers':
      return t(`heap.set.${set.of}`, { object });
    case 'cycle':
      return t('heap.set.cycle', { n: count(set.cycle) });
    case 'duplicates':
      return t('heap.set.duplicates');
    case 'changed':
      return t(`heap.set.${set.part}`, { group: group || t('heap.set.anything') });
    case 'between':
      return t('heap.set.between', { group: group || t('heap.set.anything') });
  }
}
