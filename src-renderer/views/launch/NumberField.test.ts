import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import NumberField from './NumberField.vue';

function field(modelValue: number) {
  const wrapper = mount(NumberField, { props: { modelValue, least: 10, most: 100 } });
  const input = wrapper.get('input');
  /** Types without leaving the field: `setValue` would do both. */
  const type = (text: string): Promise<void> => {
    input.element.value = text;
    return input.trigger('input');
  };
  const given = (): unknown => wrapper.emitted<[number]>('update:modelValue')?.at(-1)?.[0];
  return { wrapper, input, type, given };
}

test('given half a number typed, when all around is drawn anew, then it stays and is not taken yet', async () => {
  const { wrapper, input, type, given } = field(50);
  await type('2');
  await wrapper.setProps({ most: 99 });
  expect(input.element.value).toBe('2');
  expect(given()).toBeUndefined();
});

test('given a number out of bounds or none, when the field is left, then it is put right, and that is said', async () => {
  const { wrapper, input, type, given } = field(50);
  await type('5000');
  await input.trigger('change');
  expect(given()).toBe(100);
  expect(wrapper.get('[role=status]').text()).toBe('5,000 is too much: 100 is the most');
  await type('3');
  expect(wrapper.find('[role=status]').exists()).toBe(false);
  await input.trigger('change');
  expect(given()).toBe(10);
  expect(wrapper.get('[role=status]').text()).toBe('3 is too little: 10 is the least');
  await type('');
  await input.trigger('change');
  expect(input.element.value).not.toBe('');
});

test('given a number within bounds, when it is typed, then it is taken at once', async () => {
  const { type, given } = field(50);
  await type('25');
  expect(given()).toBe(25);
});

test('given a new value from elsewhere, then it is shown', async () => {
  const { wrapper, input } = field(50);
  await wrapper.setProps({ modelValue: 60 });
  expect(input.element.value).toBe('60');
});
