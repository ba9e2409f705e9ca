/**
 * Runs one of the scripts of this folder: `node run.mjs start …`. Plain JavaScript, since an older Node ends at a TypeScript file with a trace;
 * this says in one line what is missing.
 */
const OLDEST = 24;
const [, , name, ...args] = process.argv;

if (Number.parseInt(process.versions.node, 10) < OLDEST) {
  process.stderr.write(
    `heapscope: this is Node ${process.versions.node}, and ${OLDEST} or later is needed: install it, or run npm ci without --omit=optional (on Linux and Windows x64 it installs one for its own use)\n`,
  );
  process.exit(1);
}
const script = new URL(`${name}.ts`, import.meta.url);
process.argv = [process.argv[0] ?? '', script.pathname, ...args];
await import(script.href);
