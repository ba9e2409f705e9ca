import { VIEWS } from './selection.ts';
import type { Selection, ViewId } from './selection.ts';

/** A selection as a link: the project by its path, since handles do not outlive the engine. */
export interface LinkedSelection extends Omit<Selection, 'project'> {
  path: string | null;
}

/** `#/timeline?project=/home/a/b.heapscope&session=3&from=1000&to=2000`. */
export function toHash(selection: Selection, path: string | null): string {
  const query = new URLSearchParams();
  if (path !== null) query.set('project', path);
  if (selection.session !== null) query.set('session', String(selection.session));
  if (selection.process !== null) query.set('process', String(selection.process));
  if (selection.range !== null) {
    query.set('from', String(Math.round(selection.range.from)));
    if (selection.range.to !== null) query.set('to', String(Math.round(selection.range.to)));
  }
  if (selection.snapshots.length > 0) query.set('snapshots', selection.snapshots.join('.'));
  const text = query.toString();
  return `#/${selection.view}${text === '' ? '' : `?${text}`}`;
}

/** Reads a link; null where it is none. Parts that make no sense are left out. */
export function parseHash(hash: string): LinkedSelection | null {
  const match = /^#\/([a-z]+)(?:\?(.*))?$/.exec(hash);
  const view = VIEWS.find((id): id is ViewId => id === match?.[1]);
  if (match === null || view === undefined) return null;
  const query = new URLSearchParams(match[2] ?? '');
  const from = numberOf(query.get('from'));
  return {
    view,
    path: query.get('project'),
    session: idOf(query.get('session')),
    process: idOf(query.get('process')),
    range: from === null ? null : { from, to: numberOf(query.get('to')) },
    snapshots: (query.get('snapshots') ?? '').split('.').map(idOf).filter((id): id is number => id !== null),
  };
}

function numberOf(text: string | null): number | null {
  const value = text === null || text === '' ? NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

function idOf(text: string | null): number | null {
  const value = numberOf(text);
  return value !== null && Number.isInteger(value) && value >= 0 ? value : null;
}
