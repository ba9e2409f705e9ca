import { mount } from '@vue/test-utils';
import { afterEach, expect, test, vi } from 'vitest';
import { defineComponent, h, nextTick, ref } from 'vue';
import { setLanguage, t } from '../../format/i18n.ts';
import { useUnhurried } from './stable.ts';

afterEach(() => {
  setLanguage('en');
  vi.useRealTimers();
});

test('what may lag behind follows its sources after a while, and the language at once', async () => {
  vi.useFakeTimers();
  const source = ref(1);
  const Shown = defineComponent({
    setup: () => {
      const value = useUnhurried([source], () => `${source.value} ${t('common.cancel')}`, 80);
      return () => h('p', value.value);
    },
  });
  const wrapper = mount(Shown);
  source.value = 2;
  await nextTick();
  expect(wrapper.text()).toBe('1 Cancel');
  await vi.advanceTimersByTimeAsync(80);
  expect(wrapper.text()).toBe('2 Cancel');
  setLanguage('zh-CN');
  await nextTick();
  expect(wrapper.text()).toBe('2 取消');
  wrapper.unmount();
});
