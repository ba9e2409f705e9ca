/**
 * `npm run dev`: the window with hot reload, the engine restarted when its sources change, in the browser. `npm run dev -- --electron`: the
 * same in Electron, by electron-vite. Other arguments go to `heapscope serve`.
 */
import { randomBytes } from 'node:crypto';
import { createServer as createTcpServer } from 'node:net';
import vue from '@vitejs/plugin-vue';
import { createServer } from 'vite';
import { inRoot } from './lib/paths.ts';
import { runInTerminal } from './lib/run.ts';

const words = process.argv.slice(2).filter((word) => word !== '--electron');

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createTcpServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Vite serves the page and forwards the engine's requests, as if they came from the engine's own page. */
async function inBrowser(): Promise<number> {
  const port = await freePort();
  const token = randomBytes(32).toString('hex');
  const target = `http://127.0.0.1:${port}`;
  const proxy = {
    '/session': { target, changeOrigin: true },
    '/socket': { target, changeOrigin: true, ws: true, rewriteWsOrigin: true },
  };
  const vite = await createServer({
    configFile: false,
    root: inRoot('src-renderer'),
    plugins: [vue()],
    server: { host: '127.0.0.1', proxy },
  });
  await vite.listen();
  process.stdout.write(`Development: ${vite.resolvedUrls?.local[0] ?? ''}?token=${token}\n`);
  const env = { ...process.env, HEAPSCOPE_TOKEN: token, HEAPSCOPE_LOG: '1' };
  const engine = [
    '--watch',
    '--watch-preserve-output',
    inRoot('src-main', 'headless.ts'),
    'serve',
    '--no-open',
    '--port',
    String(port),
    '--',
    ...words,
  ];
  const status = await runInTerminal(process.execPath, engine, env);
  await vite.close();
  return status;
}

const inElectron = (): Promise<number> =>
  runInTerminal(process.execPath, [inRoot('node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'dev', '--watch', '--', ...words]);

process.exitCode = await (process.argv.includes('--electron') ? inElectron() : inBrowser());
