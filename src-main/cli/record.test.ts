import { expect, test } from 'vitest';
import { HUNG_UP } from './exit-status.ts';
import type { RecordedProgram, Recorder, RecordRequest } from './ports.ts';
import { record } from './record.ts';

/** A program that never ends by itself; `starting` runs while it is being started. */
function recorder(starting: () => void): Recorder {
  const program: Partial<RecordedProgram> = {
    ...{ onState: () => undefined, onOutput: () => undefined, onFault: () => undefined },
    ...{ onSnapshotFailed: () => undefined, onProgramEnd: () => undefined, showStatus: null },
    ended: new Promise(() => undefined),
    letGo: async () => HUNG_UP as never,
  };
  const start = async (): Promise<RecordedProgram> => {
    starting();
    return program as RecordedProgram;
  };
  return { hasTerminals: true, start };
}

test('a terminal that is closed while the program is being started ends the recording as later', async () => {
  const listeners = process.listenerCount('SIGHUP');
  const status = await record(
    { quiet: true } as RecordRequest,
    recorder(() => process.emit('SIGHUP')),
  );
  expect([status, process.listenerCount('SIGHUP')]).toEqual([HUNG_UP, listeners]);
});

test('a program that cannot be started leaves nobody listening', async () => {
  const listeners = process.listenerCount('SIGHUP');
  const failing = recorder(() => {
    throw new Error('no such program');
  });
  await expect(record({ quiet: true } as RecordRequest, failing)).rejects.toThrow('no such program');
  expect(process.listenerCount('SIGHUP')).toBe(listeners);
});
