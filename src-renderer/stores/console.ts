import { defineStore } from 'pinia';
import { call, on } from '../api/index.ts';
import type { ConsoleHit, ConsoleInfo, ConsolePart, SessionRef } from '../../src-preload/contract/index.ts';
import { useLayout } from './layout.ts';

/** The receiver of the recorded terminal output: bytes in order, and a notice where some are missing. */
export interface ConsoleSink {
  write(data: Uint8Array): void;
  /** These bytes were not recorded: only the beginning and the end are kept. */
  cut(bytes: number): void;
  /** Everything recorded so far has been written. */
  replayed(): void;
  failed(thrown: unknown): void;
}

export interface SearchResult {
  text: string;
  total: number;
  hits: ConsoleHit[];
}

const PAGE = 256 * 1024;
export const HIT_LIMIT = 500;

/** The program's terminal: recorded output, live output, and input. */
export const useConsole = defineStore('console', {
  state: (): { info: ConsoleInfo | null; found: SearchResult | null; searching: boolean } => ({
    info: null,
    found: null,
    searching: false,
  }),
  actions: {
    /**
     * Replays the recorded output and then continues with live output. Output that arrives during the replay waits; offsets show what was
     * already written. Returns the end of the replay.
     */
    attach(ref: SessionRef, sink: ConsoleSink): () => void {
      this.info = null;
      const feed = new Feed(sink);
      const stop = on('console.data', ({ project, session, part }) => {
        if (project === ref.project && session === ref.session) feed.live(part);
      });
      void this.replay(ref, feed).catch((thrown: unknown) => sink.failed(thrown));
      return () => {
        feed.close();
        stop();
      };
    },

    async replay(ref: SessionRef, feed: Feed): Promise<void> {
      const info = await call('console.info', { ...ref });
      this.info = info;
      while (!feed.closed && feed.position < info.total) {
        const parts = await call('console.read', { ...ref, offset: feed.position, limit: PAGE });
        if (parts.length === 0) break;
        for (const part of parts) feed.write(part);
      }
      feed.finishReplay(info);
    },

    async search(ref: SessionRef, text: string, matchCase: boolean): Promise<void> {
      this.searching = true;
      try {
        const result = await call('console.search', { ...ref, text, matchCase, limit: HIT_LIMIT });
        this.found = { text, ...result };
      } finally {
        this.searching = false;
      }
    },

    clearSearch(): void {
      this.found = null;
    },

    async write(ref: SessionRef, data: string): Promise<void> {
      await call('console.write', { ...ref, data });
    },

    /** Sends the terminal's size to the program; new programs start with the last size. */
    async resize(ref: SessionRef, columns: number, rows: number): Promise<void> {
      useLayout().write('console.size', [columns, rows]);
      if (this.info?.columns === columns && this.info.rows === rows) return;
      await call('console.resize', { ...ref, columns, rows });
      if (this.info !== null) this.info = { ...this.info, columns, rows };
    },
  },
});

/** Puts replayed and live parts in order and drops what was already written. */
class Feed {
  position = 0;
  closed = false;
  #waiting: ConsolePart[] | null = [];
  readonly #sink: ConsoleSink;

  constructor(sink: ConsoleSink) {
    this.#sink = sink;
  }

  live(part: ConsolePart): void {
    if (this.#waiting === null) this.write(part);
    else this.#waiting.push(part);
  }

  write(part: ConsolePart): void {
    const end = part.offset + part.data.length;
    if (this.closed || end <= this.position) return;
    if (part.offset > this.position) this.#sink.cut(part.offset - this.position);
    this.#sink.write(part.data.subarray(Math.max(0, this.position - part.offset)));
    this.position = end;
  }

  finishReplay(info: ConsoleInfo): void {
    if (this.closed) return;
    if (info.cut > 0 && this.position <= info.cutFrom) {
      this.#sink.cut(info.cut);
      this.position = info.cutFrom + info.cut;
    }
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const part of waiting) this.write(part);
    this.#sink.replayed();
  }

  close(): void {
    this.closed = true;
  }
}
