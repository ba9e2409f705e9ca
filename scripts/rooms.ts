import type { Rules } from './lib/room-check.ts';

/**
 * Which folder may import which, as data, checked by `npm run lint`. A room is a folder, or the files directly in a folder (`flat`), or one
 * file. Files of a room may always import each other. A folder that is in no room needs a line here before it can be imported, or import,
 * anything, and a line in the README of its parent.
 */

/** Engine rooms from the bottom up: none may import a later one of this list; each has its own list of imports below. */
const ENGINE = [
  'base',
  'heap',
  'worker',
  'rows',
  'analysis',
  'project',
  'targets',
  'agent-link',
  'session-part',
  'snapshots',
  'allocations',
];
const FOUNDATION = ['contract', 'base'];
/** Engine rooms that may import all of those. */
const ABOVE = ['recording', 'runs', 'findings', 'exchange', 'workspace'];
/** The rooms that the rest of the main process may import. */
const DOORS = ['contract', 'faces'];
const WINDOW = ['contract', 'charts', 'format', 'components', 'stores'];
/** Pages of the window, and the console's panel: each may import `shared`, none another page. */
const PAGES = ['timeline', 'heap', 'allocations', 'compare', 'runs', 'sessions', 'launch', 'console'];

const AGENT = 'python-agent/heapscope_agent';

export const RULES: Rules = {
  rooms: [
    { name: 'contract', at: 'src-preload/contract', may: [], alone: true },
    { name: 'preload', at: 'src-preload', flat: true, may: ['contract'] },

    { name: 'base', at: 'src-main/engine/base', may: ['contract'] },
    { name: 'heap', at: 'src-main/engine/heap', may: FOUNDATION },
    { name: 'worker', at: 'src-main/engine/worker', may: FOUNDATION },
    { name: 'rows', at: 'src-main/engine/rows', may: [...FOUNDATION, 'heap', 'worker'] },
    { name: 'analysis', at: 'src-main/engine/analysis', may: [...FOUNDATION, 'heap', 'worker', 'rows'] },
    { name: 'project', at: 'src-main/engine/project', may: FOUNDATION },
    { name: 'targets', at: 'src-main/engine/targets', may: FOUNDATION },
    { name: 'agent-link', at: 'src-main/engine/agent-link', may: FOUNDATION },
    { name: 'session-part', at: 'src-main/engine/recording/session-part.ts', may: [...FOUNDATION, 'agent-link'] },
    { name: 'snapshots', at: 'src-main/engine/snapshots', may: ['contract', ...ENGINE] },
    { name: 'allocations', at: 'src-main/engine/allocations', may: ['contract', ...ENGINE] },
    { name: 'recording', at: 'src-main/engine/recording', may: ['contract', ...ENGINE] },
    { name: 'runs', at: 'src-main/engine/runs', may: ['contract', ...ENGINE, 'recording'] },
    { name: 'findings', at: 'src-main/engine/findings', may: ['contract', ...ENGINE, 'recording', 'runs'] },
    { name: 'exchange', at: 'src-main/engine/exchange', may: ['contract', ...ENGINE, 'recording', 'runs', 'findings'] },
    { name: 'workspace', at: 'src-main/engine/workspace', may: ['contract', ...ENGINE, 'recording'] },
    { name: 'faces', at: 'src-main/engine/faces', may: ['contract', ...ENGINE, ...ABOVE] },
    // One file: other loose files in `engine/` belong to no room.
    { name: 'engine', at: 'src-main/engine/index.ts', may: ['contract', ...ENGINE, ...ABOVE, 'faces'] },

    /** Tests only. */
    { name: 'whole', at: 'src-main/engine/whole', may: ['contract', 'faces', 'engine'] },
    { name: 'accuracy', at: 'src-main/engine/accuracy', may: ['contract', 'faces', 'engine'] },

    // Outside the engine: through its faces alone; the code that creates it, or calls all of it, may also import `engine/index.ts`.
    { name: 'rpc', at: 'src-main/rpc', may: [...DOORS, 'engine'] },
    { name: 'own-files', at: 'src-main/own-files', may: ['contract'] },
    { name: 'shell', at: 'src-main/shell', may: [...DOORS, 'rpc', 'own-files'] },
    { name: 'serve', at: 'src-main/serve', may: [...DOORS, 'rpc', 'own-files'] },
    { name: 'cli', at: 'src-main/cli', may: DOORS },
    { name: 'electron-entry', at: 'src-main/index.ts', may: [...DOORS, 'engine', 'rpc', 'own-files', 'shell'] },
    { name: 'electron-entry-test', at: 'src-main/index.test.ts', may: [...DOORS, 'electron-entry', 'shell'] },
    { name: 'node-entry', at: 'src-main/headless.ts', may: [...DOORS, 'engine', 'rpc', 'own-files', 'serve', 'cli'] },
    // They test parts of the engine directly.
    { name: 'bench', at: 'src-main/bench', may: 'all' },
    { name: 'fuzz', at: 'src-main/fuzz', may: 'all' },

    { name: 'api', at: 'src-renderer/api', may: ['contract'] },
    { name: 'stores', at: 'src-renderer/stores', may: ['api', 'contract'] },
    { name: 'styles', at: 'src-renderer/styles', may: [] },
    { name: 'charts', at: 'src-renderer/charts', may: ['contract'] },
    { name: 'format', at: 'src-renderer/format', may: ['contract'] },
    { name: 'components', at: 'src-renderer/components', may: ['charts', 'format', 'contract'] },
    { name: 'view-shared', at: 'src-renderer/views/shared', may: WINDOW },
    ...PAGES.map((page) => ({ name: `view-${page}`, at: `src-renderer/views/${page}`, may: [...WINDOW, 'view-shared'] })),
    { name: 'frame', at: 'src-renderer/views/frame', may: [...WINDOW, 'view-shared', ...PAGES.map((page) => `view-${page}`)] },
    { name: 'window', at: 'src-renderer', flat: true, may: [...WINDOW, 'frame', 'api'] },
  ],

  /** The two sides of the bridge share only the contract, in tests too. */
  sides: [
    { at: 'src-main', may: ['src-main', 'src-preload/contract'] },
    { at: 'src-renderer', may: ['src-renderer', 'src-preload/contract'], noNode: true },
    { at: 'src-preload', may: ['src-preload'], noNode: true },
  ],

  /** Packages with one owner. Tests may use those marked for it (a test damages a file by SQL, say). */
  packages: [
    { name: 'electron', rooms: ['shell', 'electron-entry', 'preload'] },
    { name: 'echarts', rooms: ['charts'] },
    { name: 'node:sqlite', rooms: ['project', 'fuzz'], tests: true },
    { name: 'node-pty', rooms: ['targets'] },
    { name: 'fast-check', rooms: ['fuzz'], tests: true },
    { name: 'ws', rooms: ['serve'], tests: true },
    { name: 'commander', rooms: ['cli', 'node-entry'] },
  ],

  /** Rooms of the C core: `base` and `python` can be shared by a second library. */
  c: {
    at: 'python-agent/native',
    rooms: [
      { name: 'base', at: 'python-agent/native/base', may: [] },
      { name: 'python', at: 'python-agent/native/python', may: ['base'] },
      { name: 'heap', at: 'python-agent/native/heap', may: ['base', 'python'] },
      { name: 'allocations', at: 'python-agent/native/allocations', may: ['base', 'python'] },
    ],
  },

  /** Rooms of the agent. Code that observes the program never sends: only the agent's thread uses the channel. */
  python: {
    at: AGENT,
    rooms: [
      { name: 'face', at: `${AGENT}/__init__.py`, may: [] },
      { name: 'link', at: `${AGENT}/link`, may: ['face'] },
      { name: 'dump-format', at: `${AGENT}/heap/labels.py`, may: [] },
      { name: 'layout', at: `${AGENT}/layout`, may: ['face', 'dump-format'] },
      { name: 'figures', at: `${AGENT}/figures`, may: ['face', 'link'] },
      { name: 'allocations', at: `${AGENT}/allocations`, may: ['face', 'link', 'layout', 'figures'] },
      { name: 'heap', at: `${AGENT}/heap`, may: ['face', 'link', 'dump-format', 'layout', 'figures'] },
      { name: 'agent', at: AGENT, flat: true, may: 'all' },
    ],
    files: [{ at: `${AGENT}/link/channel.py`, rooms: ['link', 'agent'] }],
  },
};
