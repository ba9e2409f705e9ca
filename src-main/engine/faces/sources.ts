import { launchOf, type Args, type Progress, type SourceText } from '../../../src-preload/contract/index.ts';
import type { Analysis } from '../analysis/index.ts';
import type { ConfirmedLaunches } from '../workspace/confirmed-launches.ts';
import type { Projects } from '../workspace/projects.ts';
import { readLines } from '../workspace/source-lines.ts';

interface Parts {
  projects: Projects;
  analysis: Analysis;
  confirmed: ConfirmedLaunches;
}

/** Lines of the program's own files. A project may come from anybody: only for programs that were run on this machine is a file looked at. */
export class SourcesFace {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Which files are read is decided by the stored snapshot alone. */
  async lines(
    { project, snapshot, node }: Args<'sources.lines'>,
    call: { signal: AbortSignal; onProgress: (progress: Progress) => void },
  ): Promise<SourceText[]> {
    const { projects, analysis, confirmed } = this.#parts;
    const file = projects.file(project);
    const source = (): ReturnType<typeof file.snapshots.stored> => file.snapshots.stored(snapshot);
    const { site } = await analysis.query('heap.object', { project, snapshot, node }, { ...call, source, history: () => [] });
    const session = file.sessions.get(file.snapshots.get(snapshot).session);
    const spec = launchOf(session);
    if (site === null) return [];
    if (spec === null || !confirmed.has(spec)) return site.map(() => ({ text: '', scope: '', missing: 'foreign' }));
    return readLines(site, { cwd: spec.cwd, startedAt: session.startedAt });
  }
}
