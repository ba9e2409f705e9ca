/** The frame of a dump file: python-agent/DUMP.md. What it numbers is in `dump-numbers.ts`. */

export const MAGIC = new Uint8Array([0x89, 0x48, 0x53, 0x44, 0x0d, 0x0a, 0x1a, 0x0a]);
export const DUMP_VERSION = 1;
export const HEADER_SIZE = 32;
export const BLOCK_HEAD_SIZE = 16;
export const FOOTER_BODY_SIZE = 32;

export const NO_COUNT = 0xffffffff;
