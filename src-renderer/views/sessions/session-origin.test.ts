import { mount } from '@vue/test-utils';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { SessionOrigin } from '../../../src-preload/contract/index.ts';
import * as api from '../../api/index.ts';
import { i18n } from '../../format/i18n.ts';
import { sessionName } from '../../format/program.ts';
import { useSelection } from '../../stores/selection.ts';
import { useSessions } from '../../stores/sessions.ts';
import { aSession, aSpec, fakeOf, freshStores } from '../../stores/testing.ts';
import { recordAgain, launchInView } from '../shared/project-actions.ts';
import SessionInspector from './SessionInspector.vue';

vi.mock('../../api/index.ts', async () => {
  const { fakeApi, FakeCallError } = await import('../../stores/testing.ts');
  return { ...fakeApi(), CallError: FakeCallError };
});

const fake = fakeOf(api);
const LAUNCHED: SessionOrigin = { kind: 'launched', spec: aSpec({ args: ['--fast'] }) };
const ATTACHED: SessionOrigin = { kind: 'attached', pid: 4242, intervalMs: 250 };
const IMPORTED: SessionOrigin = { kind: 'imported', format: 'memray', from: '/srv/run.bin' };

beforeEach(() => {
  freshStores(fake);
  i18n.global.locale.value = 'en';
});

describe('recording again', () => {
  test.each([ATTACHED, IMPORTED])('is not offered for what we did not start: $kind', async (origin) => {
    useSelection().go({ project: 'p1', session: 1 });
    useSessions().put('p1', aSession({ origin }));
    expect(launchInView()).toBeNull();
    await recordAgain();
    expect(fake.call).not.toHaveBeenCalledWith('recording.start', expect.anything());
  });

  test('is offered for what we started', () => {
    useSelection().go({ project: 'p1', session: 1 });
    useSessions().put('p1', aSession({ origin: LAUNCHED }));
    expect(launchInView()).toEqual(aSpec({ args: ['--fast'] }));
  });
});

describe('the inspector', () => {
  test.each([
    [LAUNCHED, ['Launch', '/home/a/app.py', '--fast', 'every 100 ms'], ['Attached', 'Import']],
    [ATTACHED, ['Attached', '4242', 'every 250 ms', 'No Python process joined'], ['Launch', 'tracemalloc']],
    [IMPORTED, ['Import', 'memray', '/srv/run.bin'], ['Launch', 'Sampling', 'No Python process joined']],
  ] as const)('says where a session comes from: %j', (origin, shown, absent) => {
    const view = mount(SessionInspector, { props: { session: aSession({ origin, agent: false }) }, global: { plugins: [i18n] } });
    for (const text of shown) expect(view.text()).toContain(text);
    for (const text of absent) expect(view.text()).not.toContain(text);
  });
});

test.each([ATTACHED, IMPORTED])('a session without a name of its own has one in the list: $kind', (origin) => {
  expect(sessionName(aSession({ id: 7, name: 'x', program: 'x', origin }))).toMatch(/7/);
});
