import { posix } from 'node:path';
import { importsOf } from './imports.ts';
import { pythonImports } from './python-imports.ts';
import type { SourceFile, Violation } from './room-check.ts';

/**
 * Files that import each other, over any number of steps; types count as well: a file that cannot be read alone cannot be moved alone. A
 * circle is reported once, by its shortest path.
 */
export function checkCircles(files: readonly SourceFile[]): Violation[] {
  const graph = new Map(files.map((file) => [file.path, new Set<string>()]));
  for (const file of files) for (const target of targetsOf(file, graph)) graph.get(file.path)?.add(target);
  return partsOf(graph).map((part) => `${shortestCircle(graph, part).join(' -> ')} is a circle: put what both need into a file of its own`);
}

/** Files among those given that this one loads. */
function targetsOf(file: SourceFile, among: ReadonlyMap<string, unknown>): string[] {
  if (isC(file.path)) return includesOf(file, among);
  const candidates = file.path.endsWith('.py')
    ? pythonImports(file.path, file.text).flatMap(({ files, atLoad }) => (atLoad ? files : []))
    : importsOf(file.path, file.text).flatMap(({ specifier }) =>
        specifier?.startsWith('.') ? [posix.join(posix.dirname(file.path), specifier.replace(/\?.*$/, ''))] : [],
      );
  return candidates.filter((path) => path !== file.path && among.has(path));
}

const isC = (path: string): boolean => /\.[ch]$/.test(path);

/**
 * The files that a C file includes, by its own folder or one above (the compiler is given one of these). A header stands for the source
 * file that implements it, whose include of its own header does not count: so two pairs that need each other are a circle, even if their
 * headers are not.
 */
function includesOf({ path, text }: SourceFile, among: ReadonlyMap<string, unknown>): string[] {
  const partner = path.replace(/.$/, (kind) => (kind === 'c' ? 'h' : 'c'));
  const included = [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]+"([^"]+)"/gm)]
    .map(([, name = '']) => foldersAbove(path).map((folder) => posix.join(folder, name)))
    .map((candidates) => candidates.find((candidate) => among.has(candidate)))
    .filter((target) => target !== undefined && target !== path && target !== partner) as string[];
  return path.endsWith('.h') && among.has(partner) ? [...included, partner] : included;
}

function foldersAbove(path: string): string[] {
  const folder = posix.dirname(path);
  return folder === '.' ? ['.'] : [folder, ...foldersAbove(folder)];
}

/** Strongly connected components of more than one file, by Tarjan; without recursion, since chains of imports are long. */
function partsOf(graph: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const parts: string[][] = [];
  const enter = (path: string): { path: string; rest: string[] } => {
    order.set(path, order.size);
    low.set(path, order.size - 1);
    open.push(path);
    isOpen.add(path);
    return { path, rest: [...(graph.get(path) ?? [])] };
  };
  const lower = (path: string, by: number): void => void low.set(path, Math.min(low.get(path) ?? by, by));
  for (const start of graph.keys()) {
    if (order.has(start)) continue;
    const stack = [enter(start)];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.rest.pop();
      if (next !== undefined) {
        if (!order.has(next)) stack.push(enter(next));
        else if (isOpen.has(next)) lower(top.path, order.get(next) ?? 0);
        continue;
      }
      stack.pop();
      const above = stack.at(-1);
      if (above) lower(above.path, low.get(top.path) ?? 0);
      if (low.get(top.path) !== order.get(top.path)) continue;
      const part = open.splice(open.indexOf(top.path));
      for (const path of part) isOpen.delete(path);
      if (part.length > 1) parts.push(part.sort());
    }
  }
  return parts.sort((a, b) => String(a[0]).localeCompare(String(b[0])));
}

/** The shortest path from any file of the component back to itself. */
function shortestCircle(graph: ReadonlyMap<string, ReadonlySet<string>>, part: readonly string[]): string[] {
  const inside = new Set(part);
  const circles = part.map((start) => wayBack(graph, start, inside));
  return circles.reduce((best, one) => (one.length < best.length ? one : best));
}

function wayBack(graph: ReadonlyMap<string, ReadonlySet<string>>, start: string, inside: ReadonlySet<string>): string[] {
  const seen = new Set([start]);
  const ways = [[start]];
  for (const way of ways) {
    for (const next of graph.get(way.at(-1) ?? '') ?? []) {
      if (next === start) return [...way, start];
      if (!inside.has(next) || seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  throw new Error(`${start} is in no circle`);
}
