import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { withLock } from './lock.ts';
import { inRoot } from './paths.ts';

/** The tools that ours is compared with, in the versions that the tests know. */
const PEERS = ['objgraph==3.7.0', 'pympler==1.1', 'guppy3==3.1.7', 'numpy'];
const INSTALL_LIMIT = 240_000;

export type Peers = { found: true; python: string } | { found: false; why: string };

/**
 * A virtual environment with the peers, made once in `.cache/peers` by the `python3` on PATH and kept. If they are not available (no
 * network, no venv module), returns why; the next run tries again.
 */
export function findPeers(): Promise<Peers> {
  return withLock(inRoot('.cache', 'peers.lock'), () => Promise.resolve(findOrMake()));
}

function findOrMake(): Peers {
  const folder = inRoot('.cache', 'peers');
  const python =
    process.platform === 'win32' ? inRoot('.cache', 'peers', 'Scripts', 'python.exe') : inRoot('.cache', 'peers', 'bin', 'python');
  const stamp = inRoot('.cache', 'peers', 'installed.txt');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === PEERS.join(' ') && works(python)) return { found: true, python };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(inRoot('.cache'), { recursive: true });
  const base = process.env['HEAPSCOPE_PYTHON'] ?? (process.platform === 'win32' ? 'python' : 'python3');
  const made = spawnSync(base, ['-m', 'venv', folder], { encoding: 'utf8' });
  if (made.status !== 0) return { found: false, why: `no virtual environment could be made with ${base}` };
  const installed = spawnSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PEERS], {
    encoding: 'utf8',
    timeout: INSTALL_LIMIT,
  });
  if (installed.status !== 0) return { found: false, why: 'objgraph, pympler, guppy3 and numpy could not be installed (no network?)' };
  writeFileSync(stamp, PEERS.join(' '));
  return { found: true, python };
}

function works(python: string): boolean {
  return spawnSync(python, ['-c', 'import objgraph, pympler, guppy, numpy']).status === 0;
}
