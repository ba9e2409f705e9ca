import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { AgentState } from '../../../src-preload/contract/index.ts';
import * as api from '../../api/index.ts';
import { useRecording } from '../../stores/recording.ts';
import { aSnapshot, aState, fakeOf, freshStores } from '../../stores/testing.ts';
import { otherWay } from './snapshot-actions.ts';

vi.mock('../../api/index.ts', async () => {
  const { fakeApi, FakeCallError } = await import('../../stores/testing.ts');
  return { ...fakeApi(), CallError: FakeCallError };
});

const fake = fakeOf(api);
const options = { method: 'auto', collectFirst: false, previews: false, redact: [], memoryLimit: 1000, joinPages: false };
const failed = aSnapshot({ process: 3, state: 'failed', error: { code: 'snapshot.too-large', facts: {} } });

function recorded(state: AgentState): void {
  useRecording().put(aState({ agents: [{ process: 3, pid: 33, state, tracemallocFrames: 0 }] }));
}

beforeEach(() => freshStores(fake));

describe('another way', () => {
  test('not where the program has ended, or where memory was not what was missing', () => {
    expect(otherWay('p1', failed)).toBeNull();
    recorded('gone');
    expect(otherWay('p1', failed)).toBeNull();
    recorded('connected');
    expect(otherWay('p1', { ...failed, error: { code: 'snapshot.cut', facts: {} } })).toBeNull();
    expect(otherWay('p2', failed)).toBeNull();
    expect(otherWay('p1', aSnapshot({ process: 3 }))).toBeNull();
  });

  test('types are counted where memory was missing, the heap is walked in place where the copy came to no end', () => {
    recorded('connected');
    const killed = (signal: string | null) => ({
      ...failed,
      method: 'fork' as const,
      error: { code: 'snapshot.killed' as const, facts: { signal } },
    });
    expect(otherWay('p1', failed)?.method).toBe('census');
    expect(otherWay('p1', killed('SIGKILL'))?.method).toBe('census');
    expect(otherWay('p1', killed(null))?.method).toBe('in-place');
    expect(otherWay('p1', killed('SIGSEGV'))?.method).toBe('in-place');
    expect(otherWay('p1', { ...killed(null), method: 'in-place' })).toBeNull();
  });

  test('in the process whose heap was too large, as everything else is set', async () => {
    recorded('connected');
    fake.answers.set('snapshots.plan', { rules: {}, options });
    fake.answers.set('snapshots.take', []);
    fake.answers.set('snapshots.forecast', [{ process: 3, pid: 33, method: 'census', methodReason: '', expectedPause: 20 }]);
    await otherWay('p1', failed)!.run();
    expect(fake.call).toHaveBeenCalledWith('snapshots.take', {
      project: 'p1',
      session: 1,
      processes: [3],
      name: '',
      options: { ...options, method: 'census' },
    });
  });
});
