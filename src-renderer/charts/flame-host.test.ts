import { mount } from '@vue/test-utils';
import { expect, test, vi } from 'vitest';
import FlameHost from './FlameHost.vue';
import { layFlame } from './flame-layout.ts';
import type { FlameNodes } from './flame-layout.ts';
import type { ChartTheme } from './theme.ts';

/** all > main > parse (6), load (2). */
const NODES: FlameNodes = {
  parent: Float64Array.of(-1, 0, 1, 1),
  bytes: Float64Array.of(8, 8, 6, 2),
  function: ['', 'main', 'parse', 'load'],
  file: ['', 'a.py', 'a.py', 'a.py'],
  line: Float64Array.of(0, 1, 2, 3),
};
const path = (...nodes: number[]): string[] => nodes.map((node) => `${NODES.function[node]}\n${NODES.file[node]}\n${NODES.line[node]}`);

function host() {
  const wrapper = mount(FlameHost, {
    props: {
      ...{ nodes: NODES, layout: layFlame(NODES), width: 400, height: 200, marks: new Uint8Array(4), zoom: [] as readonly string[] },
      theme: Object.create(null) as ChartTheme,
      ...{ tone: () => 0, nameOf: (node: number) => NODES.function[node] ?? '', isOwn: () => true },
      ...{ summary: 'Flame graph', said: (node: number) => `at ${NODES.function[node] || 'all'}` },
      'onUpdate:zoom': (zoom: readonly string[]) => wrapper.setProps({ zoom }),
    },
  });
  // Nothing is laid out in a test: all of it is as wide as it is told.
  vi.spyOn(wrapper.get('canvas').element, 'getBoundingClientRect').mockReturnValue({ left: 0, top: 0 } as DOMRect);
  Object.defineProperty(wrapper.element, 'clientWidth', { value: 400 });
  const press = (key: string): Promise<void> => wrapper.trigger('keydown', { key });
  return { wrapper, press, said: () => wrapper.get('[aria-live]').text() };
}

test('arrows walk, Enter zooms and chooses, Escape goes back a step at a time', async () => {
  const { wrapper, press, said } = host();
  expect(said()).toBe('');
  for (const [key, box] of [
    ['ArrowDown', 'at all'],
    ['ArrowDown', 'at main'],
    ['ArrowDown', 'at parse'],
    ['ArrowLeft', 'at load'],
    ['ArrowRight', 'at parse'],
  ] as const) {
    await press(key);
    expect(said()).toBe(box);
  }
  await press('Enter');
  expect([wrapper.props('zoom'), wrapper.emitted('pick')]).toEqual([path(1, 2), [[2]]]);
  await press('Escape');
  expect(wrapper.props('zoom')).toEqual(path(1));
  await press('Escape');
  await press('Escape');
  expect(wrapper.props('zoom')).toEqual([]);
});

test('keys that are others’ are left to them', async () => {
  const { wrapper } = host();
  const element = wrapper.get('[role=application]').element;
  const event = new KeyboardEvent('keydown', { key: 'ArrowLeft', altKey: true, cancelable: true });
  element.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(false);
});

test('a click zooms to the box and chooses it; a box that is no more leaves no mark', async () => {
  const { wrapper, said } = host();
  await wrapper.setProps({ width: 401 });
  await wrapper.get('canvas').trigger('click', { clientX: 50, clientY: 2 * 19 + 5 });
  expect([wrapper.props('zoom'), wrapper.emitted('pick')]).toEqual([path(1, 3), [[3]]]);
  expect(said()).toBe('at load');
  const fewer = { ...NODES, parent: NODES.parent.slice(0, 3), bytes: NODES.bytes.slice(0, 3), line: NODES.line.slice(0, 3) };
  await wrapper.setProps({ nodes: fewer, layout: layFlame(fewer), marks: new Uint8Array(3) });
  expect(said()).toBe('');
});
