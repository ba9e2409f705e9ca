/** Numbers of the dump file: python-agent/DUMP.md. */

export const MAGIC = new Uint8Array([0x89, 0x48, 0x53, 0x44, 0x0d, 0x0a, 0x1a, 0x0a]);
export const DUMP_VERSION = 1;
export const HEADER_SIZE = 32;
export const BLOCK_HEAD_SIZE = 16;
export const FOOTER_BODY_SIZE = 32;
export const BODY_LIMIT = 16 * 1024 * 1024;
export const NODES_PER_BLOCK = 65536;

export const DUMP_FLAG = { addresses: 1, previews: 2, sites: 4, census: 8 } as const;

/** Kinds of roots as the dump numbers them; the graph's own kinds (`ROOT`) begin where these end. */
export const DUMP_ROOT = {
  modules: 1,
  thread: 2,
  frame: 3,
  interpreter: 4,
  staticTypes: 5,
  agent: 6,
  garbageList: 7,
  interned: 8,
} as const;

export const NO_COUNT = 0xffffffff;
export const WEAK = 64;
