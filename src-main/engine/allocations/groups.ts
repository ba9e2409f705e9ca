import { createHash } from 'node:crypto';
import type { AllocationFrame, AllocationGrouping, AllocationRow } from '../../../src-preload/contract/index.ts';
import type { Site } from './sites.ts';
import type { Slices } from './slices.ts';

/** What a group's row shows besides its figures. */
export type GroupNames = Pick<AllocationRow, 'key' | 'function' | 'file' | 'line' | 'module' | 'package' | 'frames' | 'own'>;

const STEP = 1 << 10;

/** The group of each site, and a site of each group. */
export interface Groups {
  groupOf: Int32Array;
  keys: string[];
  /** Of a function or a file the one with the lowest line. */
  sites: number[];
}

/** Sites that have something in common. A site without a file (a thread, frames that were cut) is alone with those of its name. */
export function* groupsBy(sites: readonly Site[], by: AllocationGrouping): Slices<Groups> {
  const groupOf = new Int32Array(sites.length);
  const groups: Groups = { groupOf, keys: [], sites: [] };
  const numbers = new Map<string, number>();
  for (let at = 0; at < sites.length; at++) {
    if (at % STEP === 0) yield;
    const key = keyOf(sites, at, by);
    const known = numbers.get(key);
    if (known === undefined) {
      groupOf[at] = groups.keys.push(key) - 1;
      groups.sites.push(at);
      numbers.set(key, groupOf[at]!);
    } else {
      groupOf[at] = known;
      if (by === 'function' && sites[at]!.line < sites[groups.sites[known]!]!.line) groups.sites[known] = at;
    }
  }
  return groups;
}

function keyOf(sites: readonly Site[], at: number, by: AllocationGrouping): string {
  const site = sites[at]!;
  if (by === 'thread') return threadOf(sites, at).function;
  if (by === 'traceback') return String(at);
  if (site.file === '') return `\0${site.function}`;
  switch (by) {
    case 'line':
      return `${site.file}\0${site.line}`;
    case 'function':
      return `${site.file}\0${site.function}`;
    case 'file':
      return site.file;
    case 'module':
      return site.place.module;
    case 'package':
      return site.place.package;
  }
}

function threadOf(sites: readonly Site[], at: number): Site {
  let site = sites[at]!;
  while (site.parent >= 0) site = sites[site.parent]!;
  return site;
}

/** The words of a group. */
export function namesOf(sites: readonly Site[], { keys, sites: examples }: Groups, group: number, by: AllocationGrouping): GroupNames {
  const at = examples[group]!;
  const site = sites[at]!;
  const { module, package: name } = site.place;
  const nothing = { function: '', file: '', line: 0, module: '', package: '', frames: null, own: site.place.own || site.file === '' };
  const key = keyNumber(by, by === 'traceback' ? pathOf(sites, at) : keys[group]!);
  if (by === 'thread') return { ...nothing, key, function: threadOf(sites, at).function, own: true };
  if (site.file === '') return { ...nothing, key, function: site.function, frames: by === 'traceback' ? framesOf(sites, at) : null };
  if (by === 'package') return { ...nothing, key, package: name };
  if (by === 'module') return { ...nothing, key, module, package: name };
  const { file, line } = site;
  if (by === 'file') return { ...nothing, key, file, module, package: name };
  const whole = { ...nothing, key, function: site.function, file, line, module, package: name };
  return by === 'traceback' ? { ...whole, frames: framesOf(sites, at) } : whole;
}

/** Innermost first, without the thread. */
function framesOf(sites: readonly Site[], at: number): AllocationFrame[] {
  const frames: AllocationFrame[] = [];
  for (let site = sites[at]!; site.parent >= 0; site = sites[site.parent]!)
    frames.push({ function: site.function, file: site.file, line: site.line, own: site.place.own });
  return frames;
}

/** The same path has the same text in any question about any processes. */
function pathOf(sites: readonly Site[], at: number): string {
  const path: string[] = [];
  for (let next = at; next >= 0; next = sites[next]!.parent) {
    const site = sites[next]!;
    path.push(`${site.file}\0${site.line}\0${site.function}`);
  }
  return path.join('\0\0');
}

/** 48 bits of a digest: two rows of one table do not share it. */
function keyNumber(by: AllocationGrouping, key: string): number {
  return createHash('sha256').update(`${by}\0${key}`).digest().readUIntBE(0, 6);
}
