/**
 * References of modules to what is another module's: names that were imported, and instances of its classes. A chain through one explains
 * less than a chain through the owner: the loggers' manager is `logging.root.manager`, although every module with a logger leads there.
 *
 *     modules > logging > root > manager       `log` is an alias: an instance of a class of logging
 *     modules > retry > log > manager
 *
 * A container says nothing of its owner. If two modules have it, and one imports from the other, it is an alias where it was imported.
 */
import { FLAG, NONE, REST, ROOT, type HeapGraph } from './graph.ts';
import { stringOf } from './strings.ts';

export interface Aliases {
  /** 1 for nodes that have such edges. */
  readonly has: Uint8Array;
  readonly edges: ReadonlySet<number>;
}

interface Module {
  readonly name: string;
  readonly dict: number;
  /** Modules from which it imports a class, a function or the module itself. */
  readonly imports: Set<Module>;
}

type OwnerOf = (value: number) => Module | null | undefined;

export function aliasesOf(graph: HeapGraph): Aliases {
  const found: Aliases & { edges: Set<number> } = { has: new Uint8Array(graph.nodes), edges: new Set() };
  const tables = graph.roots.filter(({ kind }) => kind === ROOT.modules).flatMap(({ node }) => [...targets(graph, node)]);
  const modules = new Map<number, Module>();
  for (const table of tables) {
    for (const edge of valuesOf(graph, table)) {
      const module = moduleAt(graph, graph.edgeTo[edge]!);
      if (module === null) continue;
      const known = modules.get(graph.edgeTo[edge]!) ?? module;
      modules.set(graph.edgeTo[edge]!, known);
      // `os.path` is `posixpath`.
      if (stringOf(graph.texts, graph.edgeTo[edge - 1]!) !== known.name) mark(found, table, edge);
    }
  }
  const ownerOf = owners(graph, modules);
  const shared = new Map<number, { module: Module; edge: number }[]>();
  for (const module of modules.values()) {
    for (const edge of valuesOf(graph, module.dict)) {
      const value = graph.edgeTo[edge]!;
      const owner = ownerOf(value);
      if (owner === null) continue;
      if (owner === undefined) shared.set(value, [...(shared.get(value) ?? []), { module, edge }]);
      else if (owner !== module) {
        mark(found, module.dict, edge);
        if (!isInstance(graph, value)) module.imports.add(owner);
      }
    }
  }
  for (const places of shared.values()) {
    for (const { module, edge } of places) if (places.some((other) => isImporter(module, other.module))) mark(found, module.dict, edge);
  }
  return found;
}

function mark({ has, edges }: { has: Uint8Array; edges: Set<number> }, node: number, edge: number): void {
  has[node] = 1;
  edges.add(edge);
}

/** Whether what both have came from `other`. The program's own file imports and is not imported. */
function isImporter(module: Module, other: Module): boolean {
  if (module === other || other.imports.has(module)) return false;
  return module.imports.has(other) || module.name === '__main__';
}

function targets({ edgeStart, edgeTo }: HeapGraph, node: number): Uint32Array {
  return edgeTo.subarray(edgeStart[node], edgeStart[node + 1]);
}

/** The edges of a dictionary to its values; each is preceded by the one to its key. */
function* valuesOf({ edgeStart, shape, shapes }: HeapGraph, node: number): Generator<number> {
  const kind = shape[node]!;
  if (shapes.rest[kind] !== REST.pairs) return;
  const labels = shapes.start[kind + 1]! - shapes.start[kind]!;
  for (let edge = edgeStart[node]! + labels + 1; edge < edgeStart[node + 1]!; edge += 2) yield edge;
}

function labelled(graph: HeapGraph, node: number, name: string): number {
  const { shapes, shape, edgeStart, edgeTo, labels } = graph;
  const first = shapes.start[shape[node]!]!;
  const end = Math.min(shapes.start[shape[node]! + 1]!, first + edgeStart[node + 1]! - edgeStart[node]!);
  for (let at = first; at < end; at++) if (labels[shapes.label[at]!]!.name === name) return edgeTo[edgeStart[node]! + at - first]!;
  return NONE;
}

/** null: it is no module. */
export function moduleName(graph: HeapGraph, node: number): string | null {
  return moduleAt(graph, node)?.name ?? null;
}

/** null: it is no module, or hides its namespace. */
function moduleAt(graph: HeapGraph, node: number): Module | null {
  const type = graph.types[graph.type[node]!]!;
  const dict = type.name === 'module' ? labelled(graph, node, '__dict__') : NONE;
  if (dict === NONE) return null;
  for (const edge of valuesOf(graph, dict)) {
    if (stringOf(graph.texts, graph.edgeTo[edge - 1]!) !== '__name__') continue;
    const name = stringOf(graph.texts, graph.edgeTo[edge]!);
    return name === null ? null : { name, dict, imports: new Set() };
  }
  return null;
}

function isInstance({ flags, type, types }: HeapGraph, node: number): boolean {
  return (flags[node]! & FLAG.type) === 0 && !['module', 'function'].includes(types[type[node]!]!.name);
}

/** The module that something belongs to; undefined: unknown, as for any container; null: what leads nowhere, for which it does not matter. */
function owners(graph: HeapGraph, modules: ReadonlyMap<number, Module>): OwnerOf {
  const { types, type, flags, shape, shapes, edgeStart } = graph;
  const byName = new Map([...modules.values()].map((module) => [module.name, module]));
  const byDict = new Map([...modules.values()].map((module) => [module.dict, module]));
  const moduleOfClass = new Map(types.filter(({ node }) => node !== NONE).map(({ node, module }) => [node, byName.get(module)]));
  return (value) => {
    if (edgeStart[value] === edgeStart[value + 1] || (flags[value]! & FLAG.synthetic) !== 0) return null;
    if ((flags[value]! & FLAG.type) !== 0) return moduleOfClass.get(value);
    const { module, name } = types[type[value]!]!;
    if (module === '' || module === 'builtins') {
      if (name === 'module') return modules.get(value);
      return name === 'function' ? byDict.get(labelled(graph, value, '__globals__')) : undefined;
    }
    return shapes.rest[shape[value]!] === REST.unnamed ? byName.get(module) : undefined;
  };
}
