import type { Args, Bookmark } from '../../../src-preload/contract/index.ts';
import type { Projects } from '../workspace/projects.ts';

/** Objects that the user wants to find again. */
export class BookmarksFace {
  readonly #projects: Projects;

  constructor(projects: Projects) {
    this.#projects = projects;
  }

  list({ project }: Args<'bookmarks.list'>): Bookmark[] {
    return this.#projects.file(project).bookmarks.list();
  }

  set({ project, ...bookmark }: Args<'bookmarks.set'>): Bookmark {
    return this.#projects.writable(project).bookmarks.set(bookmark);
  }

  delete({ project, id }: Args<'bookmarks.delete'>): void {
    this.#projects.writable(project).bookmarks.delete(id);
  }
}
