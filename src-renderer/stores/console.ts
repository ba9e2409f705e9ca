import { defineStore } from 'pinia';
import { call, on, onResync } from '../api/index.ts';
import type { Bytes, ConsoleHit, ConsoleInfo, ConsolePart, SessionRef } from '../../src-preload/contract/index.ts';
import { ConsoleFeed, type ConsoleSink } from './console-feed.ts';
import { useLayout } from './layout.ts';
import { fromLineOn } from './from-line-on.ts';
import { plainLines } from './plain-lines.ts';

export interface SearchResult {
  text: string;
  total: number;
  hits: ConsoleHit[];
  /** Bytes that were searched, of all that was printed. */
  searched: Bytes;
  printed: Bytes;
}

const LAST_LINES = 4;
/** Enough for them where they are of usual length. */
const LAST_LINES_WITHIN: Bytes = 4096;
const PAGE = 256 * 1024;
/** To each side of a place that is looked at by itself. */
const AROUND: Bytes = 64 * 1024;
export const HIT_LIMIT = 500;

/** The program's terminal: recorded output, live output, and input. */
export const useConsole = defineStore('console', {
  state: (): { info: ConsoleInfo | null; found: SearchResult | null; searching: boolean } => ({
    info: null,
    found: null,
    searching: false,
  }),
  actions: {
    /** Shows the recorded output, then what comes. Returns the end of it. */
    attach(ref: SessionRef, sink: ConsoleSink): () => void {
      this.info = null;
      const feed = new ConsoleFeed(sink, (offset) => call('console.read', { ...ref, offset, limit: PAGE }));
      const total = async (): Promise<Bytes> => {
        const info = await call('console.info', { ...ref });
        this.info = info;
        return info.total;
      };
      const stopData = on('console.data', ({ project, session, part }) => {
        if (project === ref.project && session === ref.session) feed.live(part);
      });
      const stopResync = onResync(() => void feed.resume(total));
      void feed.replay(total);
      return () => {
        feed.close();
        stopData();
        stopResync();
      };
    },

    /** The last lines that are not empty, as text. */
    async lastLines(ref: SessionRef): Promise<string[]> {
      const { total } = await call('console.info', { ...ref });
      const offset = Math.max(0, total - LAST_LINES_WITHIN);
      const parts = await call('console.read', { ...ref, offset, limit: LAST_LINES_WITHIN });
      const decoder = new TextDecoder();
      const text = parts.map(({ data }) => decoder.decode(data, { stream: true })).join('');
      return plainLines(text).slice(-LAST_LINES);
    },

    /** The recorded output around a place, from the beginning of a line. */
    async around(ref: SessionRef, place: Bytes): Promise<ConsolePart[]> {
      const offset = Math.max(0, place - AROUND);
      const parts = await call('console.read', { ...ref, offset, limit: 2 * AROUND });
      return fromLineOn(parts, place);
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
