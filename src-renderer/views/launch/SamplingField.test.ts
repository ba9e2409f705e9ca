import { mount } from '@vue/test-utils';
import { beforeEach, expect, test } from 'vitest';
import { i18n } from '../../format/i18n.ts';
import SamplingField from './SamplingField.vue';

const KIB = 1024;
beforeEach(() => (i18n.global.locale.value = 'en'));

function field(modelValue: number) {
  let given = modelValue;
  const wrapper = mount(SamplingField, {
    props: {
      modelValue,
      'onUpdate:modelValue': (value: number) => {
        given = value;
        void wrapper.setProps({ modelValue: value });
      },
    },
    global: { plugins: [i18n] },
  });
  const choose = (text: string): Promise<void> =>
    wrapper
      .findAll('[role=radio]')
      .find((one) => one.text() === text)!
      .trigger('click');
  const chosen = (): string => wrapper.get('[role=radio][aria-checked=true]').text();
  return { wrapper, choose, chosen, mean: () => given };
}

test('given no sampling, then off is chosen, and there is nothing to type', () => {
  const { wrapper, chosen } = field(0);
  expect([chosen(), wrapper.find('input').exists()]).toEqual(['Off', false]);
});

test('given a usual distance, when it is chosen, then it is taken', async () => {
  const { choose, chosen, mean } = field(0);
  await choose('64.0 KiB');
  expect([mean(), chosen()]).toEqual([64 * KIB, '64.0 KiB']);
  await choose('Off');
  expect([mean(), chosen()]).toEqual([0, 'Off']);
});

test('given an own distance, when it is typed, then it is taken in KiB; one like a usual one stays the own', async () => {
  const { wrapper, choose, chosen, mean } = field(0);
  await choose('Own');
  expect([mean(), chosen()]).toEqual([512 * KIB, 'Own']);
  await wrapper.get('input').setValue('100');
  expect([mean(), chosen()]).toEqual([100 * KIB, 'Own']);
});

test('given a distance that is not offered, as of a recording made elsewhere, then it is shown as the own', () => {
  const { wrapper, chosen } = field(20 * KIB);
  expect([chosen(), wrapper.get('input').element.value]).toEqual(['Own', '20']);
});
