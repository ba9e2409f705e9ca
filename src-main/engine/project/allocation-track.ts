import type { ProcessId, SessionId, SessionTime } from '../../../src-preload/contract/index.ts';
import { packEpochs, packSums, packTree } from './allocation-codec.ts';
import { rowsOf, sumsOf, treeOf } from './allocation-sums.ts';
import type { AllocationEpoch, EpochRows, PartSums, TrackState, TreePart } from './allocation-types.ts';
import { deletePiecesNamed, insertPiece, type PieceOwner } from './pieces.ts';
import type { Sqlite } from './sqlite.ts';

/** About a minute, and a size that is quickly read. */
const PART = { epochs: 64, rows: 16_384 };

/** Pieces of a track: parts have the number of the part, loose epochs that of the epoch. */
export const PIECE = { tree: 'tree', sums: 'sums', rows: 'rows', looseTree: 'loose.tree', looseRows: 'loose.rows' } as const;

/** A track as its row describes it. */
export interface TrackRow extends TrackState {
  id: number;
  uuid: string;
  session: SessionId;
  process: ProcessId;
  from: SessionTime;
  to: SessionTime;
}

/** A part that is complete and not in the file yet. */
interface NewPart {
  part: number;
  rows: EpochRows;
  sums: PartSums;
  tree: TreePart;
}

/**
 * The sampled allocations of one agent while they are recorded. They are in memory at once, and in the file with the session's next flush:
 * epoch by epoch, until so many are there that they become a part.
 */
export class AllocationTrack {
  readonly row: TrackRow;
  readonly strings: string[] = [];
  readonly nodes: { parent: number[]; name: number[]; file: number[]; line: number[] } = { parent: [], name: [], file: [], line: [] };
  /** First epoch of each part. */
  readonly #firsts: number[] = [];
  #newParts: NewPart[] = [];
  #open: AllocationEpoch[] = [];
  /** Number of the first open epoch. */
  #openFirst = 0;
  #openRows = 0;
  #treeBefore = { strings: 0, nodes: 0 };
  /** Of the open epochs, those that are in the file. */
  #stored = 0;
  #looseInFile = false;
  #dirty = true;

  constructor(row: TrackRow) {
    this.row = row;
  }

  get dirty(): boolean {
    return this.#dirty;
  }

  /** Complete parts. */
  get parts(): number {
    return this.#firsts.length;
  }

  /** Times never go back. */
  append(reported: AllocationEpoch, state: TrackState): void {
    const epoch = { ...reported, t: Math.max(this.row.to, Math.round(reported.t)) };
    Object.assign(this.row, state, { to: epoch.t });
    for (const text of epoch.strings) this.strings.push(text);
    const { parent, name, file, line } = this.nodes;
    for (const node of epoch.nodes) {
      parent.push(node[0]);
      name.push(node[1]);
      file.push(node[2]);
      line.push(node[3]);
    }
    this.#open.push(epoch);
    this.#openRows += epoch.made.length + epoch.freed.length;
    this.#dirty = true;
    if (this.#open.length >= PART.epochs || this.#openRows >= PART.rows) this.#complete();
  }

  /** Nothing more will come. */
  end(): void {
    if (this.#open.length > 0) this.#complete();
    this.#dirty = true;
  }

  /** A part that is not in the file yet. */
  pending(part: number): NewPart | undefined {
    return this.#newParts.find((each) => each.part === part);
  }

  /** The epochs after the last part; null: there is none. */
  open(): EpochRows | null {
    return this.#open.length === 0 ? null : rowsOf(this.#openFirst, this.#open);
  }

  partOf(epoch: number): number {
    let low = -1;
    let high = this.#firsts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#firsts[middle]! <= epoch) low = middle;
      else high = middle;
    }
    return Math.max(0, low);
  }

  /** Writes what is new; inside a transaction. Returns what to do once that is committed. */
  write(db: Sqlite): () => void {
    const { row } = this;
    const owner: PieceOwner = { kind: 'allocations', id: row.id, uuid: row.uuid };
    writeTrack(db, row);
    const parts = this.#newParts;
    if (parts.length > 0 && this.#looseInFile) for (const name of [PIECE.looseTree, PIECE.looseRows]) deletePiecesNamed(db, owner, name);
    for (const { part, rows, sums, tree } of parts) {
      insertPiece(db, owner, PIECE.rows, part, packEpochs(rows));
      insertPiece(db, owner, PIECE.sums, part, packSums(sums));
      if (tree.strings.length + tree.parent.length > 0) insertPiece(db, owner, PIECE.tree, part, packTree(tree));
    }
    const loose = this.#open.slice(this.#stored);
    this.#writeLoose(db, owner, loose);
    const stored = this.#open.length;
    return () => {
      this.#newParts = this.#newParts.slice(parts.length);
      this.#stored = stored;
      this.#looseInFile = stored > 0;
      this.#dirty = false;
    };
  }

  #writeLoose(db: Sqlite, owner: PieceOwner, epochs: readonly AllocationEpoch[]): void {
    if (epochs.length === 0) return;
    const first = this.#openFirst + this.#stored;
    const before = this.#open.slice(0, this.#stored);
    insertPiece(db, owner, PIECE.looseRows, first, packEpochs(rowsOf(first, epochs)));
    const tree = treeOf(this.#treeBefore.strings + sum(before, 'strings'), this.#treeBefore.nodes + sum(before, 'nodes'), epochs);
    if (tree.strings.length + tree.parent.length > 0) insertPiece(db, owner, PIECE.looseTree, first, packTree(tree));
  }

  #complete(): void {
    const rows = rowsOf(this.#openFirst, this.#open);
    const part = this.#firsts.push(rows.first) - 1;
    const tree = treeOf(this.#treeBefore.strings, this.#treeBefore.nodes, this.#open);
    this.#newParts.push({ part, rows, sums: sumsOf(rows, (epoch) => this.partOf(epoch)), tree });
    this.#openFirst = rows.first + rows.times.length;
    this.#treeBefore = { strings: this.strings.length, nodes: this.nodes.parent.length };
    this.#open = [];
    this.#openRows = 0;
    this.#stored = 0;
  }
}

function sum(epochs: readonly AllocationEpoch[], list: 'strings' | 'nodes'): number {
  return epochs.reduce((total, epoch) => total + epoch[list].length, 0);
}

/** Inserts or rewrites the row of a track; inside a transaction. */
export function writeTrack(db: Sqlite, row: TrackRow): void {
  const sql = `INSERT INTO allocation_track (id, uuid, session, process, state, why, mean, live, merged, start, until)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state, why = excluded.why,
    mean = excluded.mean, live = excluded.live, merged = excluded.merged, until = excluded.until`;
  const { id, uuid, session, process, state, why, mean, live, merged, from, to } = row;
  db.run(sql, id, uuid, session, process, state, why, mean, live, merged, Math.round(from), Math.round(to));
}
