import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { systemCode } from '../base/errors.ts';
import type { Log } from '../base/log.ts';

/**
 * One JSON file with a schema. A missing or invalid file gives the default; it is replaced by renaming, so that a crash leaves the old or
 * the new one. Losing it costs convenience, never data: faults are only logged.
 */
export class JsonStore<T> {
  readonly #path: string;
  readonly #log: Log;
  #value: T;

  constructor(path: string, schema: z.ZodType<T>, fallback: T, log: Log) {
    this.#path = path;
    this.#log = log;
    this.#value = this.#load(schema) ?? fallback;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    this.#value = value;
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      const next = `${this.#path}.${process.pid}.new`;
      writeFileSync(next, JSON.stringify(value, null, 2), { mode: 0o600 });
      renameSync(next, this.#path);
    } catch (thrown) {
      this.#log.warn(`writing ${this.#path}`, thrown);
    }
  }

  #load(schema: z.ZodType<T>): T | null {
    try {
      const parsed = schema.safeParse(JSON.parse(readFileSync(this.#path, 'utf8')));
      if (parsed.success) return parsed.data;
      this.#log.warn(`${this.#path} does not fit and is left out`, parsed.error);
    } catch (thrown) {
      if (systemCode(thrown) !== 'ENOENT') this.#log.warn(`reading ${this.#path}`, thrown);
    }
    return null;
  }
}
