import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A separate process that works on a project, for tests; killed with the test if it still runs. */
export class TestProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<void>;

  constructor(job: 'record' | 'import' | 'hold', path: string) {
    this.#child = spawn(process.execPath, [join(import.meta.dirname, 'testing-child.ts'), job, path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#ended = new Promise((done) => this.#child.once('exit', () => done()));
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  /** The next line it prints; null: it has ended. */
  async next(): Promise<Record<string, unknown> | null> {
    const line = await this.#lines.next();
    return line.done === true ? null : (JSON.parse(line.value) as Record<string, unknown>);
  }

  /** SIGKILL, at once; then the last line it printed. */
  async kill(): Promise<Record<string, unknown> | null> {
    this.#child.kill('SIGKILL');
    let last: Record<string, unknown> | null = null;
    for (let said = await this.next(); said !== null; said = await this.next()) last = said;
    await this.#ended;
    return last;
  }

  /** Lets it end by itself. */
  async end(): Promise<void> {
    this.#child.stdin!.end();
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
