import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLines } from './source-lines.ts';

const CODE = `import os

class Session:
    def load(self, path):
        def inner():
\t# a tab is as wide as eight spaces
            return open(path)
        with inner() as file:
            return file.read(
    1)

async def main():
    return Session()

SESSION = Session()
`;
const EARLIER = new Date(1_000_000);
const STARTED = 2_000_000;
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heapscope-lines-'));
  writeFileSync(join(folder, 'app.py'), CODE);
  writeFileSync(join(folder, 'secret.txt'), 'a password');
  writeFileSync(join(folder, 'large.py'), '');
  truncateSync(join(folder, 'large.py'), 4 * 1024 * 1024 + 1);
  execFileSync('mkfifo', [join(folder, 'pipe.py')]);
  for (const name of ['app.py', 'secret.txt', 'large.py']) utimesSync(join(folder, name), EARLIER, EARLIER);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (file: string, line: number, startedAt = STARTED) => readLines([{ file, line }], { cwd: folder, startedAt });

describe('lines of a traceback', () => {
  it.each([
    [1, 'import os', ''],
    [4, 'def load(self, path):', 'Session'],
    [7, 'return open(path)', 'Session.load.inner'],
    [8, 'with inner() as file:', 'Session.load'],
    [13, 'return Session()', 'main'],
    [15, 'SESSION = Session()', ''],
  ])('%d is %j in %j', async (line, text, scope) => expect(await read('app.py', line)).toEqual([{ text, scope, missing: null }]));

  it('are found by a whole path, too, and one by one in their order', async () => {
    const file = join(folder, 'app.py');
    const found = await readLines(
      [15, 1].map((line) => ({ file, line })),
      { cwd: '/', startedAt: STARTED },
    );
    expect(found.map(({ text }) => text)).toEqual(['SESSION = Session()', 'import os']);
  });

  it('are not told of a file that was written to since', async () => {
    expect(await read('app.py', 1, EARLIER.getTime())).toMatchObject([{ missing: null }]);
    expect(await read('app.py', 1, EARLIER.getTime() - 1)).toEqual([{ text: '', scope: '', missing: 'changed' }]);
    expect(await read('app.py', 1000)).toMatchObject([{ missing: 'changed' }]);
  });

  it.each(['secret.txt', 'large.py', 'pipe.py', 'none.py', '<string>', 'app.py\0.py', '.'])('are not read from %j', async (file) =>
    expect(await read(file, 1)).toEqual([{ text: '', scope: '', missing: 'absent' }]),
  );
});
