import type { AppInfo, FileEntry, FileFilter, Settings } from '../app.ts';
import type { Empty } from '../calls.ts';

/** The app itself, its settings, and files of the machine the engine runs on. */
export interface AppMethods {
  'app.info': { args: Empty; result: AppInfo };
  'settings.get': { args: Empty; result: Settings };
  'settings.set': { args: Partial<Settings>; result: Settings };
  'files.list': { args: { path: string; filter: FileFilter }; result: { path: string; parent: string | null; entries: FileEntry[] } };
  'files.receive': { args: { name: string; data: Uint8Array }; result: { path: string } };
}
