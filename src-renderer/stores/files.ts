import { defineStore } from 'pinia';
import { call, shell } from '../api/index.ts';
import type { ErrorData, FileFilter, Result } from '../../src-preload/contract/index.ts';
import { useApp } from './app.ts';
import { isText, useLayout } from './layout.ts';

export type Listing = Result<'files.list'>;

export interface PickRequest {
  kind: 'open' | 'folder' | 'save';
  filter: FileFilter;
  startIn: string;
  /** Initial file name, for `save`. */
  suggested: string;
  /** Why the last choice did not do. */
  error: ErrorData | null;
}

/** A path to write to; `overwrite`: the user agreed to replace the existing file. */
export interface SavePlace {
  path: string;
  overwrite: boolean;
}

interface FilesState {
  request: PickRequest | null;
  answer: ((place: SavePlace | null) => void) | null;
}

/** Files of the engine's machine, chosen in the desktop shell's dialogs or in the window's own. */
export const useFiles = defineStore('files', {
  state: (): FilesState => ({ request: null, answer: null }),
  actions: {
    async list(path: string, filter: FileFilter): Promise<Listing> {
      return call('files.list', { path, filter });
    },

    lastFolder(): string {
      return useLayout().read('files.lastFolder', isText, '');
    },

    rememberFolder(path: string): void {
      useLayout().write('files.lastFolder', path);
    },

    async pickFile(filter: FileFilter, startIn: string): Promise<string | null> {
      const native = shell();
      if (native !== null) return native.pickFile(filter, startIn);
      return (await this.ask({ kind: 'open', filter, startIn, suggested: '', error: null }))?.path ?? null;
    },

    async pickFolder(startIn: string): Promise<string | null> {
      const native = shell();
      if (native !== null) return native.pickFolder(startIn);
      return (await this.ask({ kind: 'folder', filter: 'folder', startIn, suggested: '', error: null }))?.path ?? null;
    },

    /** `startIn`: a folder; empty: the last one. `error`: shown in the window's own dialog, where what was typed is still there. */
    async pickSave(suggested: string, startIn = '', error: ErrorData | null = null): Promise<SavePlace | null> {
      const native = shell();
      if (native === null) return this.ask({ kind: 'save', filter: 'project', startIn, suggested, error });
      const path = await native.pickSave(startIn === '' ? suggested : `${startIn}${useApp().info?.separator ?? '/'}${suggested}`);
      // The system's own dialog has already asked about replacing.
      return path === null ? null : { path, overwrite: true };
    },

    ask(request: PickRequest): Promise<SavePlace | null> {
      this.answer?.(null);
      return new Promise((resolve) => {
        this.request = request;
        this.answer = resolve;
      });
    },

    settle(place: SavePlace | null): void {
      this.answer?.(place);
      this.request = null;
      this.answer = null;
    },

    /** A dropped file's path; if a browser hides it, the file is uploaded and the copy's path is used. */
    async dropped(file: File): Promise<{ path: string; copied: boolean }> {
      const path = shell()?.pathOf(file) ?? '';
      if (path !== '') return { path, copied: false };
      const data = new Uint8Array(await file.arrayBuffer());
      return { path: (await call('files.receive', { name: file.name, data })).path, copied: true };
    },
  },
});
