import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { LaunchSpec, RecentLaunch, RecentProject } from '../../../src-preload/contract/index.ts';
import { unixNow } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { JsonStore } from './json-store.ts';
import { launchSchema } from './launch-schema.ts';

const KEEP = 20;

const schema = z.object({
  launches: z.array(z.object({ id: z.number().int(), spec: launchSchema, lastUsed: z.number() })).max(1000),
  projects: z.array(z.object({ path: z.string(), lastOpened: z.number(), untitled: z.boolean() })).max(1000),
});

/** What was run and opened recently, newest first. */
export class Recents {
  readonly #store: JsonStore<z.infer<typeof schema>>;

  constructor(dataFolder: string, log: Log) {
    this.#store = new JsonStore(join(dataFolder, 'recents.json'), schema, { launches: [], projects: [] }, log);
  }

  launches(): RecentLaunch[] {
    return this.#store.value.launches;
  }

  /** The same target run again with other arguments is another entry; an identical one moves to the top. */
  launched(spec: LaunchSpec): void {
    const { launches, projects } = this.#store.value;
    const same = JSON.stringify(spec);
    const id = launches.reduce((highest, launch) => Math.max(highest, launch.id), 0) + 1;
    const others = launches.filter((launch) => JSON.stringify(launch.spec) !== same);
    this.#store.set({ projects, launches: [{ id, spec, lastUsed: unixNow() }, ...others].slice(0, KEEP) });
  }

  forgetLaunch(id: number): void {
    const { launches, projects } = this.#store.value;
    this.#store.set({ projects, launches: launches.filter((launch) => launch.id !== id) });
  }

  projects(): RecentProject[] {
    return this.#store.value.projects.map((project) => ({ ...project, name: nameOf(project.path), exists: existsSync(project.path) }));
  }

  opened(path: string, untitled: boolean): void {
    const { launches, projects } = this.#store.value;
    const others = projects.filter((project) => project.path !== path);
    this.#store.set({ launches, projects: [{ path, lastOpened: unixNow(), untitled }, ...others].slice(0, KEEP) });
  }

  forgetProject(path: string): void {
    const { launches, projects } = this.#store.value;
    this.#store.set({ launches, projects: projects.filter((project) => project.path !== path) });
  }
}

/** File name without its extension. */
function nameOf(path: string): string {
  return basename(path).replace(/\.heapscope$/i, '');
}
