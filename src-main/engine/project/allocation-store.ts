import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ProcessId, SessionId, SessionTime } from '../../../src-preload/contract/index.ts';
import { unpackEpochs, unpackSums, unpackTree } from './allocation-codec.ts';
import { AllocationTrack, PIECE, type TrackRow } from './allocation-track.ts';
import type { EpochRows, PartSums, TreePart } from './allocation-types.ts';
import { figure, id, LINE, shown, text, time, whole } from './cells.ts';
import { CodecError } from './column-codec.ts';
import { readable } from './lost-rows.ts';
import type { ProjectParts } from './parts.ts';
import { listPieces, readPiece } from './pieces.ts';
import type { Row } from './sqlite.ts';

/** The state of a track whose cell cannot be read. */
const stateSchema = z.enum(['on', 'off', 'lost', 'unavailable']).catch('off');

/** Names and nodes, by their numbers. Those of a damaged piece are missing. */
export interface SiteTree {
  strings: readonly (string | undefined)[];
  parent: ArrayLike<number>;
  name: ArrayLike<number>;
  file: ArrayLike<number>;
  line: ArrayLike<number>;
}

/**
 * Sampled allocations as they are kept, recorded by one agent. What is damaged is null; parts never change, so they may be remembered by
 * `key` and number.
 */
export interface StoredTrack {
  row: TrackRow;
  /** Equal in any copy of the file. */
  key: string;
  tree(): SiteTree;
  /** Another one means that there is more in the tree. */
  treeVersion: number;
  /** Numbers of the complete parts. */
  parts: readonly number[];
  sums(part: number): PartSums | null;
  rows(part: number): EpochRows | null;
  /** What came after the last part. */
  loose(): EpochRows[];
}

/** Sampled allocations of the sessions of a project. */
export class AllocationStore {
  readonly #parts: ProjectParts;

  constructor(parts: ProjectParts) {
    this.#parts = parts;
  }

  /** A new track of a session that is recorded. */
  begin(session: SessionId, process: ProcessId, from: SessionTime): AllocationTrack {
    const writer = this.#parts.live.get(session);
    if (writer === undefined) throw new Error(`session ${session} is not recorded`);
    const number = this.#parts.ids.next('allocation_track');
    const nothingYet = { state: 'off', why: '', mean: 0, live: 0, merged: 0 } as const;
    const at = { from: Math.round(from), to: Math.round(from) };
    return writer.addAllocations(new AllocationTrack({ id: number, uuid: randomUUID(), session, process, ...at, ...nothingYet }));
  }

  /** In the order in which they began. */
  tracks(session: SessionId): StoredTrack[] {
    const { connection, lost, live } = this.#parts;
    const recorded = live.get(session)?.live.allocations;
    if (recorded !== undefined) return recorded.map((track) => this.#live(track));
    const rows = connection.read((db) => [
      ...readable(db.iterate('SELECT * FROM allocation_track WHERE session = ? ORDER BY id', session), toTrack, 'allocation_track', lost),
    ]);
    return rows.map((row) => this.#stored(row));
  }

  #live(track: AllocationTrack): StoredTrack {
    const { row } = track;
    return {
      row: { ...row },
      key: row.uuid,
      tree: () => ({ strings: track.strings, ...track.nodes }),
      treeVersion: track.nodes.parent.length,
      parts: Array.from({ length: track.parts }, (_, part) => part),
      sums: (part) => track.pending(part)?.sums ?? this.#read(row, PIECE.sums, part, unpackSums),
      rows: (part) => track.pending(part)?.rows ?? this.#read(row, PIECE.rows, part, unpackEpochs),
      loose: () => {
        const open = track.open();
        return open === null ? [] : [open];
      },
    };
  }

  #stored(row: TrackRow): StoredTrack {
    const pieces = this.#parts.connection.read((db) => listPieces(db, { kind: 'allocations', id: row.id }));
    const numbers = (name: string): number[] => pieces.filter((piece) => piece.name === name).map(({ part }) => part);
    const trees = (name: string): (TreePart | null)[] => numbers(name).map((part) => this.#read(row, name, part, unpackTree));
    return {
      row,
      key: row.uuid,
      tree: () => joined([...trees(PIECE.tree), ...trees(PIECE.looseTree)]),
      treeVersion: pieces.reduce((sum, { name, bytes }) => sum + (name === PIECE.tree || name === PIECE.looseTree ? bytes : 0), 0),
      parts: numbers(PIECE.sums),
      sums: (part) => this.#read(row, PIECE.sums, part, unpackSums),
      rows: (part) => this.#read(row, PIECE.rows, part, unpackEpochs),
      loose: () => numbers(PIECE.looseRows).flatMap((part) => this.#read(row, PIECE.looseRows, part, unpackEpochs) ?? []),
    };
  }

  /** null: it is missing or damaged. */
  #read<T>({ id: owner, uuid }: TrackRow, name: string, part: number, unpack: (bytes: Uint8Array) => T): T | null {
    const bytes = this.#parts.connection.read((db) => readPiece(db, { kind: 'allocations', id: owner, uuid }, name, part));
    if (bytes === null) return null;
    try {
      return unpack(bytes);
    } catch (thrown) {
      if (thrown instanceof CodecError) return null;
      throw thrown;
    }
  }
}

function joined(parts: readonly (TreePart | null)[]): SiteTree {
  const strings: (string | undefined)[] = [];
  const tree = { parent: [] as number[], name: [] as number[], file: [] as number[], line: [] as number[] };
  for (const part of parts) {
    if (part === null) continue;
    part.strings.forEach((string, i) => (strings[part.firstString + i] = string));
    for (const column of ['parent', 'name', 'file', 'line'] as const)
      part[column].forEach((value, i) => (tree[column][part.firstNode + i] = value));
  }
  return { strings, ...tree };
}

/** Throws `BadCell`. */
export function toTrack(row: Row): TrackRow {
  const from = time(row, 'start');
  return {
    id: id(row, 'id'),
    uuid: text(row, 'uuid', LINE),
    session: id(row, 'session'),
    process: id(row, 'process'),
    state: stateSchema.parse(row['state']),
    why: shown(row, 'why', LINE),
    mean: figure(row, 'mean') ?? 0,
    live: whole(row, 'live'),
    merged: whole(row, 'merged'),
    from,
    to: Math.max(from, time(row, 'until')),
  };
}
