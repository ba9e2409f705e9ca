import type { AllocationEpoch, AllocationTrack, ProjectFile, SessionWriter } from '../project/index.ts';
import { newSession } from '../project/testing.ts';

/** A sampled block, as a test knows it. */
export interface Block {
  process: number;
  /** Outermost first: the thread, then `function file:line`. */
  path: readonly string[];
  size: number;
  /** Blocks that it stands for. */
  weight: number;
  /** Epoch in which it was made, and the one in which it was freed; Infinity: never. */
  birth: number;
  death: number;
}

export interface TestFrame {
  function: string;
  file: string;
  line: number;
}

export function frameOf(text: string): TestFrame {
  const [, name, file, line] = /^(.*?) (\S+):(\d+)$/.exec(text) ?? [];
  return name === undefined ? { function: text, file: '', line: 0 } : { function: name, file: file!, line: Number(line) };
}

export const varianceOf = ({ size, weight }: Block): number => size * size * (weight * weight - weight);

/** A generator of numbers from 0 to below 1 that is the same in each run. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The epochs of one process as its agent would report them, a second apart. */
function epochsOf(blocks: readonly Block[], count: number): AllocationEpoch[] {
  const strings = new Map<string, number>();
  const nodes = new Map<string, number>();
  return Array.from({ length: count }, (_, epoch) => {
    const report = { t: (epoch + 1) * 1000, strings: [] as string[], nodes: [] as [number, number, number, number][] };
    const string = (text: string): number => {
      const known = strings.get(text);
      if (known !== undefined) return known;
      report.strings.push(text);
      strings.set(text, strings.size);
      return strings.size - 1;
    };
    const node = (path: readonly string[]): number => {
      const key = path.join(' > ');
      const known = nodes.get(key);
      if (known !== undefined) return known;
      const parent = path.length > 1 ? node(path.slice(0, -1)) : -1;
      const frame = frameOf(path.at(-1)!);
      report.nodes.push([parent, string(frame.function), string(frame.file), frame.line]);
      nodes.set(key, nodes.size);
      return nodes.size - 1;
    };
    const rows = (chosen: readonly Block[]): [number, number, number, number, number][] => {
      const sums = new Map<string, [number, number, number, number, number]>();
      for (const block of chosen) {
        const at = node(block.path);
        const key = `${at} ${block.birth}`;
        const row = sums.get(key) ?? [at, block.birth, 0, 0, 0];
        row[2] += block.size * block.weight;
        row[3] += block.weight;
        row[4] += varianceOf(block);
        sums.set(key, row);
      }
      return [...sums.values()];
    };
    const made = rows(blocks.filter(({ birth }) => birth === epoch)).map(([at, , bytes, n, variance]): [number, number, number, number] => [
      at,
      bytes,
      n,
      variance,
    ]);
    return { ...report, made, freed: rows(blocks.filter(({ death }) => death === epoch)) };
  });
}

/** A session that records these blocks; each process is one of the session's. Flushes now and then. */
export function record(file: ProjectFile, blocks: readonly Block[], epochs: number): SessionWriter {
  const writer = file.newSession(newSession());
  const tracks: [AllocationTrack, AllocationEpoch[]][] = [...new Set(blocks.map(({ process }) => process))].map((pid) => {
    const { id } = writer.addProcess({ pid, parent: null, command: 'python', python: '3.12', start: 0, agent: 'connected' });
    return [
      file.allocations.begin(writer.id, id, 0),
      epochsOf(
        blocks.filter(({ process }) => process === pid),
        epochs,
      ),
    ];
  });
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const [track, reports] of tracks) track.append(reports[epoch]!, { state: 'on', why: '', mean: 65_536, live: epoch, merged: 0 });
    if (epoch % 3 === 1) writer.flush();
  }
  writer.touch(epochs * 1000, null);
  return writer;
}
