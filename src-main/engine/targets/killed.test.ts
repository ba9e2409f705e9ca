import { describe, expect, test } from 'vitest';
import { killEngine, type Kill, type Mode } from './testing/killed-engine.ts';

/** Moments in ms, from a fixed seed, so that a failure can be reproduced. */
const AFTER_PROGRAM = [0, 37, 311];
/** The keeper of a terminal can only be started after the program: for a moment nothing keeps it. */
const KEPT_FROM = 300;
const AFTER_ENGINE = [420, 760];
const SECONDS = 2;

const MODES: Mode[] = [
  { streams: 'files', program: 'python' },
  { streams: 'one file', program: 'python' },
  { streams: 'pipes', program: 'python' },
  { streams: 'terminal', program: 'python' },
  { streams: 'files', program: 'shell' },
  { streams: 'terminal', program: 'shell' },
];

describe.skipIf(process.platform !== 'linux')('the recorder is killed', () => {
  test.each(MODES)('$streams, $program: the program ends as it would have', { timeout: 240_000 }, async (mode) => {
    const how = { signal: 'SIGKILL', seconds: SECONDS } as const;
    await endsAsItWould(mode, [
      ...AFTER_PROGRAM.map((delay): Kill => ({ ...how, delay: mode.streams === 'terminal' ? delay + KEPT_FROM : delay, from: 'program' })),
      ...(mode.streams === 'terminal' ? [] : AFTER_ENGINE).map((delay): Kill => ({ ...how, delay, from: 'engine' })),
    ]);
  });

  test.each(MODES)('$streams, $program: so does it when the terminal of the recorder is closed', { timeout: 240_000 }, async (mode) => {
    await endsAsItWould(mode, [{ delay: 900, from: 'program', signal: 'SIGHUP', seconds: SECONDS }]);
  });
});

async function endsAsItWould(mode: Mode, kills: readonly Kill[]): Promise<void> {
  const outcomes = await Promise.all(kills.map(async (kill) => ({ kill, outcome: await killEngine(mode, kill) })));
  for (const { kill, outcome } of outcomes) {
    const { ended, out, err, left } = outcome;
    expect(left, 'processes left').toEqual([]);
    if (ended === null) expect(kill.from).toBe('engine');
    else expect(ended, JSON.stringify(kill)).toMatch(/^normal \d+$/m);
    if (ended !== null && mode.streams !== 'terminal') expectAll(Number(ended.split(' ')[1]), mode, out, err);
  }
}

function expectAll(count: number, { streams }: Mode, out: string, err: string): void {
  const lines = (name: string): string[] => Array.from({ length: count }, (_, i) => `${name} ${i}\n`);
  const errors = lines('err');
  const both = lines('out').flatMap((line, i) => [line, errors[i] ?? '']);
  expect(out).toBe(streams === 'one file' ? both.join('') : lines('out').join(''));
  expect(err).toBe(streams === 'one file' ? '' : lines('err').join(''));
}
