import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { AgentState } from '../../../src-preload/contract/index.ts';
import * as api from '../../api/index.ts';
import { useRecording } from '../../stores/recording.ts';
import { aSnapshot, aState, fakeOf, freshStores } from '../../stores/testing.ts';
import { countTypesInstead } from './snapshot-actions.ts';

vi.mock('../../api/index.ts', async () => {
  const { fakeApi, FakeCallError } = await import('../../stores/testing.ts');
  return { ...fakeApi(), CallError: FakeCallError };
});

const fake = fakeOf(api);
const options = { method: 'auto', collectFirst: false, previews: false, redact: [], memoryLimit: 1000 };
const failed = aSnapshot({ process: 3, state: 'failed', error: { code: 'snapshot.too-large', facts: {} } });

function recorded(state: AgentState): void {
  useRecording().put(aState({ agents: [{ process: 3, pid: 33, state, tracemallocFrames: 0 }] }));
}

beforeEach(() => freshStores(fake));

describe('types are counted instead', () => {
  test('not where the program has ended, or where memory was not what was missing', () => {
    expect(countTypesInstead('p1', failed)).toBeNull();
    recorded('gone');
    expect(countTypesInstead('p1', failed)).toBeNull();
    recorded('connected');
    expect(countTypesInstead('p1', { ...failed, error: { code: 'snapshot.cut', facts: {} } })).toBeNull();
    expect(countTypesInstead('p2', failed)).toBeNull();
    expect(countTypesInstead('p1', aSnapshot({ process: 3 }))).toBeNull();
  });

  test('in the process whose heap was too large, as everything else is set', async () => {
    recorded('connected');
    fake.answers.set('snapshots.getRules', { rules: {}, options });
    fake.answers.set('snapshots.take', []);
    fake.answers.set('snapshots.plan', [{ process: 3, pid: 33, method: 'census', methodReason: '', expectedPause: 20 }]);
    await countTypesInstead('p1', failed)!();
    expect(fake.call).toHaveBeenCalledWith('snapshots.take', {
      project: 'p1',
      session: 1,
      processes: [3],
      name: '',
      options: { ...options, method: 'census' },
    });
  });
});
