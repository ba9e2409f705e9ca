import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';

export interface PageFile {
  body: Buffer;
  type: string;
  /** Its name contains a digest of its content, so that it never changes. */
  immutable: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/**
 * The window's file for a URL path ("/", "/assets/index-1a2b.js"); null where there is none. Files that are of an unknown type, hidden, or
 * outside of the folder are treated as missing.
 */
export async function readPageFile(folder: string, urlPath: string): Promise<PageFile | null> {
  const path = resolveInside(folder, urlPath === '/' ? '/index.html' : urlPath);
  const type = path === null ? undefined : TYPES[extname(path)];
  if (path === null || type === undefined) return null;
  try {
    return { body: await readFile(path), type, immutable: urlPath.startsWith('/assets/') };
  } catch {
    return null;
  }
}

/** The path inside `folder`, or null: encoded or plain dots, backslashes, NUL and drive letters cannot leave it. */
export function resolveInside(folder: string, urlPath: string): string | null {
  const decoded = decode(urlPath);
  if (decoded === null || !/^(\/[\w@-][\w@.-]*)+$/.test(decoded)) return null;
  const path = resolve(join(folder, decoded));
  return path.startsWith(resolve(folder) + sep) ? path : null;
}

function decode(urlPath: string): string | null {
  try {
    return decodeURIComponent(urlPath);
  } catch {
    return null;
  }
}
