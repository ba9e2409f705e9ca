import { mount } from '@vue/test-utils';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { nextTick } from 'vue';
import type { AllocationState } from '../../../src-preload/contract/index.ts';
import * as api from '../../api/index.ts';
import { i18n } from '../../format/i18n.ts';
import { useAllocations } from '../../stores/allocations.ts';
import { useProjects } from '../../stores/projects.ts';
import { useRecording } from '../../stores/recording.ts';
import { useSelection } from '../../stores/selection.ts';
import { useSessions } from '../../stores/sessions.ts';
import { aProject, aSession, aSpec, aState as aRecording, fakeOf, freshStores } from '../../stores/testing.ts';
import AllocationsEmpty from './AllocationsEmpty.vue';
import AllocationsInspector from './AllocationsInspector.vue';
import AllocationsNotes from './AllocationsNotes.vue';
import AllocationsTools from './AllocationsTools.vue';
import { LOAD, MAIN, aRow, aState, anAnswer } from './testing.ts';

vi.mock('../../api/index.ts', async () => {
  const testing = await import('../../stores/testing.ts');
  return { ...testing.fakeApi(), CallError: testing.FakeCallError, onResync: () => () => undefined };
});

const fake = fakeOf(api);
const global = { plugins: [i18n] };
const agent = { process: 1, pid: 7, state: 'connected' as const, tracemallocFrames: 0 };
const asked = (method: string): unknown[] => fake.call.mock.calls.filter(([one]) => one === method).map(([, args]) => args);

/** A session that was started here and has ended. */
beforeEach(() => {
  freshStores(fake);
  i18n.global.locale.value = 'en';
  useProjects().put(aProject());
  useSessions().byProject['p1'] = [aSession()];
  useSelection().go({ project: 'p1', session: 1, view: 'allocations' });
});

describe('where there are no figures', () => {
  const empty = (state: 'off' | 'unavailable' | 'nothing' | 'range' | 'failed', states: AllocationState[] = []) => {
    useAllocations().answer = anAnswer({ states });
    return mount(AllocationsEmpty, { props: { state }, global });
  };

  test('sampling was off: a program that has ended is recorded again with it', async () => {
    fake.answers.set('recording.start', { project: aProject(), session: 2 });
    fake.answers.set('sessions.list', [aSession()]);
    fake.answers.set('recording.states', []);
    const wrapper = empty('off');
    expect(wrapper.text()).toContain('Allocations were not sampled in this session');
    await wrapper.get('button').trigger('click');
    expect(asked('recording.start')).toMatchObject([{ spec: aSpec({ sampling: 524_288 }), confirmed: false }]);
  });

  test('while it runs it is turned on; without an agent it cannot be', async () => {
    useRecording().put(aRecording({ agents: [agent] }));
    const wrapper = empty('off');
    await wrapper.get('button').trigger('click');
    expect(asked('recording.setSampling')).toEqual([{ project: 'p1', session: 1, mean: 524_288 }]);
    useRecording().put(aRecording());
    await nextTick();
    expect(wrapper.get('button').attributes('disabled')).toBeDefined();
  });

  test('it cannot be sampled: why, each reason once', () => {
    const cannot = (process: number, why: string) => aState({ process, state: 'unavailable', why, mean: 0 });
    const wrapper = empty('unavailable', [cannot(1, 'free-threaded'), cannot(2, 'free-threaded'), cannot(3, 'layout')]);
    expect(wrapper.findAll('p').map((one) => one.text())).toEqual([
      'In this process: this Python is built without its global lock.',
      'In this process: this build of Python is not laid out as we know it.',
    ]);
  });

  test('nothing yet: how far apart the samples are', () => {
    expect(empty('nothing', [aState()]).text().replaceAll('\u00a0', ' ')).toContain('one block for every 64.0 KiB on average');
  });

  test('nothing in this part of it: the whole is one click away', async () => {
    useSelection().go({ range: { from: 1, to: 2 }, process: 3 });
    await empty('range', [aState()]).get('button').trigger('click');
    expect([useSelection().range, useSelection().process]).toEqual([null, null]);
  });

  test('they could not be read: what went wrong', () => {
    useAllocations().error = { code: 'session.missing', facts: { session: 1 } };
    expect(empty('failed').text()).toMatch(/could not be read.*Try again|could not be read.*again/s);
  });
});

describe('what the figures leave out is said', () => {
  const notes = (states: AllocationState[], total = 1): string[] => {
    useAllocations().answer = anAnswer({ states, rows: [aRow()], total });
    return mount(AllocationsNotes, { global })
      .findAll('[role=note]')
      .map((one) => one.text());
  };

  test('nothing where all is there', () => expect(notes([aState()])).toEqual([]));

  test('a process that is not sampled, one whose hook was lost, too many tracebacks, too many rows', () => {
    const said = notes(
      [
        aState({ merged: 12 }),
        aState({ process: 2, state: 'unavailable', why: 'memray' }),
        aState({ process: 3, state: 'lost', why: 'displaced' }),
      ],
      7000,
    );
    expect(said).toHaveLength(4);
    expect(said[0]).toBe('Process 2 is not sampled: memray is running in it.');
    expect(said[1]).toMatch(/^Process 3 is not sampled any more: something else took the place of our hook/);
    expect(said[2]).toContain('12 more');
    expect(said[3]).toBe('The 1 largest of 7,000 rows are listed.');
  });

  test('that the figures are old, where newer ones could not be read', () => {
    useAllocations().$patch({ answer: anAnswer({ rows: [aRow()] }), error: { code: 'session.missing', facts: { session: 1 } } });
    expect(mount(AllocationsNotes, { global }).get('[role=alert]').text()).toMatch(/./);
  });

  test('that it is off now, while it could be on', () => {
    expect(notes([aState({ state: 'off', mean: 0 })])).toEqual([]);
    useRecording().put(aRecording({ agents: [agent] }));
    expect(notes([aState({ state: 'off', mean: 0 })])).toEqual(['Sampling is off now.Turn sampling on']);
  });
});

test('the tools say which part is shown, and lead back to the whole', async () => {
  useSelection().go({ range: { from: 1000, to: null } });
  const wrapper = mount(AllocationsTools, { global });
  expect(wrapper.text()).toContain('00:00:01.0 – end');
  await wrapper.findAll('button').at(-1)!.trigger('click');
  expect(useSelection().range).toBeNull();
  expect(wrapper.text()).toContain('Whole session');
  await wrapper.get('select').setValue('file');
  expect(useSelection().allocations.by).toBe('file');
});

describe('the inspector', () => {
  test('asks for a row', () => expect(mount(AllocationsInspector, { global }).text()).toContain('No row is chosen'));

  test('has every figure in full, and the tracebacks of the row', () => {
    const allocations = useAllocations();
    allocations.answer = anAnswer({ rows: [aRow()] });
    useSelection().go({ allocations: { ...useSelection().allocations, row: 1 } });
    const traces = Array.from({ length: 10 }, (_, key) => aRow({ key: key + 10, frames: [LOAD, MAIN] }));
    allocations.traces = { row: 1, table: { ...anAnswer({ rows: traces }).table, total: 12 } };
    const wrapper = mount(AllocationsInspector, { global });
    expect(wrapper.text()).toContain('≈ 1,234,567 bytes');
    expect(wrapper.get('.path').text()).toBe('/srv/app.py:41');
    expect(wrapper.findAll('ol')).toHaveLength(8);
    expect(
      wrapper
        .findAll('ol')[0]!
        .findAll('li')
        .map((one) => one.text()),
    ).toEqual(['Session.load/srv/app.py:41', 'main/srv/app.py:3']);
    expect(wrapper.text()).toContain('4 more tracebacks are not shown');
  });

  test('tracebacks of another row are not its own', () => {
    const allocations = useAllocations();
    allocations.answer = anAnswer({ rows: [aRow()] });
    useSelection().go({ allocations: { ...useSelection().allocations, row: 1 } });
    allocations.traces = { row: 2, table: anAnswer({ rows: [aRow({ frames: [LOAD] })] }).table };
    expect(mount(AllocationsInspector, { global }).findAll('ol')).toHaveLength(0);
  });
});
