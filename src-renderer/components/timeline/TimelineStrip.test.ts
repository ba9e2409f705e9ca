import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import { i18n } from '../../format/i18n.ts';
import TimelineStrip from './TimelineStrip.vue';

const mark = (id: number, t: number) => ({ id, t, text: `request ${id}` });

test('marks closer than a diamond is wide are one, which tells all of them', () => {
  const wrapper = mount(TimelineStrip, {
    props: {
      rss: null,
      collections: [],
      marks: [mark(1, 0), mark(2, 70), mark(3, 90), ...Array.from({ length: 20 }, (_, i) => mark(10 + i, 500 + i))],
      until: 1000,
      view: { from: 0, to: 1000 },
      range: null,
      width: 100,
      height: 52,
    },
    global: { plugins: [i18n] },
  });
  const titles = wrapper.findAll('.mark title').map((title) => title.text());
  expect(titles.slice(0, 2)).toEqual(['request 1\nrequest 2', 'request 3']);
  expect(titles[2]).toMatch(/^request 10\n[^]*\+8$/);
  expect(titles).toHaveLength(3);
  expect(wrapper.findAll('.mark').map((group) => group.attributes('transform'))).toEqual([
    'translate(0 6)',
    'translate(9 6)',
    'translate(50 6)',
  ]);
  wrapper.unmount();
});
