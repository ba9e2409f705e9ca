import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, test } from 'vitest';
import { i18n } from '../../format/i18n.ts';
import { EMPTY_SPEC, useLaunch } from '../../stores/launch.ts';
import ElsewhereNotice from './ElsewhereNotice.vue';

beforeEach(() => setActivePinia(createPinia()));

/** The notice about what an untrusted file would run. */
function notice(env: Record<string, string>, target = 'evil.py') {
  const launch = useLaunch();
  launch.draft = { ...EMPTY_SPEC, target };
  launch.env = Object.entries(env).map(([name, value]) => ({ name, value, unset: false }));
  launch.origin = 'elsewhere';
  const wrapper = mount(ElsewhereNotice, { global: { plugins: [i18n] } });
  return { wrapper, variables: () => wrapper.findAll('.variable').map((row) => row.text()) };
}

const many = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`A${i}`, 'v'.repeat(300)]));

test('given twelve long variables and then one that loads code, then that one stands first and whole, and all are counted', () => {
  const { wrapper, variables } = notice({ ...many, LD_PRELOAD: '/tmp/evil.so' });
  expect(variables()[0]).toMatch(/^LD_PRELOAD=\/tmp\/evil\.so/);
  expect(variables()).toHaveLength(9);
  expect(wrapper.text()).toContain('13 variables. One of them decides what code is loaded.');
  expect(wrapper.text()).toContain('Show 4 more variables');
});

test('given more that load code than would be shown of others, then all of them stand there', () => {
  const loading = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`LD_A${i}`, '']));
  expect(notice({ ...many, ...loading }).variables()).toHaveLength(48);
});

test('given a long value, then its beginning is shown, how much is left, and all of it on a click', async () => {
  const value = `${'v'.repeat(300)}END`;
  const { wrapper, variables } = notice({ A: value });
  expect(variables()[0]).toBe(`A=${'v'.repeat(118)}… 185 more characters`);
  await wrapper.get('.variable button').trigger('click');
  expect(variables()[0]).toBe(`A=${value}`);
});

test('given a program of a thousand empty lines, then what comes behind them is said to be there', () => {
  const { wrapper } = notice({}, `x.py${'\n'.repeat(1000)}--evil`);
  expect(wrapper.text()).toMatch(/… \d+ more characters/);
});

test('given more variables than are shown, when asked for, then all are shown', async () => {
  const { wrapper, variables } = notice(many);
  expect(variables()).toHaveLength(8);
  await wrapper
    .findAll('button')
    .find((button) => button.text() === 'Show 4 more variables')
    ?.trigger('click');
  expect(variables()).toHaveLength(12);
});
