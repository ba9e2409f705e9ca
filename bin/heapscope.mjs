#!/usr/bin/env node
// Runs the command line by the Node that came with the installation: `npx heapscope` may be started by any older one.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';

const copy = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(copy, 'out', 'main', 'headless.js');

/** The packages of package.json's optionalDependencies; null on other machines. */
function ownNode() {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    const path = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

function fail(text) {
  process.stderr.write(`heapscope: ${text}\n`);
  process.exit(2);
}

/** What the engine uses (node:sqlite, DisposableStack) is there from 24 on. */
function isRecentEnough() {
  return Number.parseInt(process.versions.node, 10) >= 24;
}

/** `scripts/build.ts` holds this file while it replaces `out`; what is in there until then is incomplete. */
function isBuilding() {
  try {
    const builder = Number(readFileSync(join(copy, 'node_modules', '.cache', 'heapscope-build.lock'), 'utf8'));
    return builder > 0 && process.kill(builder, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

if (isBuilding()) {
  process.stderr.write('heapscope: it is being built: waiting…\n');
  while (isBuilding()) await sleep(200);
}
if (!existsSync(main)) fail('it is not built yet: run npm ci or npm run build in its folder');
const node = ownNode();
if (node === null && !isRecentEnough()) fail(`Node ${process.versions.node} is too old: use 24 or later`);

// One process more, always: the same with any Node, and warnings of older ones (node:sqlite is "experimental") stay away.
// SIGUSR1 would open Node's debugger, to whoever can reach its port.
const options = ['--disable-warning=ExperimentalWarning', '--disable-sigusr1'];
const child = spawn(node ?? process.execPath, [...options, main, ...process.argv.slice(2)], { stdio: 'inherit' });

// Ctrl-C in a terminal reaches the child by itself; what is sent to this process alone is passed on.
for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGUSR1', 'SIGUSR2']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
// At its exit Node resets the terminals it began with, and older ones abort if one was closed meanwhile, unless its descriptor is.
const terminals = [0, 1, 2].filter((fd) => isatty(fd));
process.on('exit', () => {
  for (const fd of terminals) if (!isatty(fd)) closeSync(fd);
});
child.on('error', (error) => fail(`Node could not be started (${error.message})`));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
});
