import { mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import type { Component } from 'vue';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPinia, setActivePinia } from 'pinia';
import { defineComponent, h, ref, shallowReactive } from 'vue';
import type { ViewRange } from '../../../stores/timeline-view.ts';
import { useGestures } from './gestures.ts';
import type { Gestures } from './gestures.ts';
import { useKeys } from './keys.ts';
import type { Brush, TimePlot } from './time-plot.ts';

const WIDTH = 100;
const chosen = vi.fn<Brush['choose']>();
const clicked = vi.fn();
let plot: TimePlot & { view: ViewRange };
let gestures: Gestures;
let element: HTMLElement;
let page: VueWrapper;

/** A second is ten pixels wide: 0 to 10 s of 100 s. */
function chart(): void {
  plot = shallowReactive({
    view: { from: 0, to: 10_000 },
    extent: { from: 0, to: 100_000 },
    newest: 100_000,
    following: false,
    cursor: null,
    show: (view: ViewRange) => void (plot.view = view),
    fit: () => void (plot.view = plot.extent),
  });
  const brush: Brush = { range: null, choose: chosen };
  const Page = defineComponent({
    setup() {
      const root = ref<HTMLElement | null>(null);
      gestures = useGestures({ plot, element: root, brush, click: clicked });
      useKeys({ plot, root, brush, actions: [] });
      return () => h('div', { ref: root, tabindex: 0, onPointerdown: (event: PointerEvent) => gestures.down(event) });
    },
  });
  page = mount(Page as Component, { attachTo: document.body });
  element = page.element as HTMLElement;
  element.getBoundingClientRect = () => new DOMRect(0, 0, WIDTH, 50);
}

beforeEach(() => {
  setActivePinia(createPinia());
  vi.clearAllMocks();
  chart();
});

afterEach(() => {
  release(0);
  page.unmount();
});

const fire = (target: EventTarget, type: string, x: number, more: PointerEventInit = {}): boolean =>
  target.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0, pointerId: 1, clientX: x, ...more }));
const press = (x: number, more: PointerEventInit = {}): boolean => fire(element, 'pointerdown', x, more);
const moveTo = (x: number, more: PointerEventInit = {}): boolean => fire(window, 'pointermove', x, more);
const release = (x: number): boolean => fire(window, 'pointerup', x);
const key = (name: string, more: KeyboardEventInit = {}): boolean =>
  element.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...more }));

test('Escape takes a drag back: the view is the one before, and the pointer moves nothing more', () => {
  press(50);
  moveTo(20);
  expect(plot.view.from).toBe(3000);
  key('Escape');
  moveTo(0);
  expect([plot.view, gestures.dragging.value]).toEqual([{ from: 0, to: 10_000 }, null]);
  release(0);
  expect(clicked).not.toHaveBeenCalled();
});

test('Escape drops a brush; the key does nothing else', () => {
  const elsewhere = vi.fn();
  window.addEventListener('keydown', elsewhere);
  press(20, { shiftKey: true });
  moveTo(60);
  expect(gestures.draft.value).toEqual({ from: 2000, to: 6000 });
  key('Escape');
  release(60);
  expect([gestures.draft.value, chosen.mock.calls, elsewhere.mock.calls]).toEqual([null, [], []]);
  key('Escape');
  expect(elsewhere).toHaveBeenCalledTimes(1);
  window.removeEventListener('keydown', elsewhere);
});

test('a drag pans, the times under the pointer stay under it', () => {
  press(50);
  moveTo(40);
  release(40);
  expect([plot.view, clicked.mock.calls.length]).toEqual([{ from: 1000, to: 11_000 }, 0]);
});

test('a drag ends with the page', () => {
  press(50);
  page.unmount();
  moveTo(20);
  expect(plot.view.from).toBe(0);
});

test('another pointer moves nothing', () => {
  press(50);
  moveTo(20, { pointerId: 9 });
  expect(plot.view.from).toBe(0);
});

test('a brush chooses the range in either direction, never before the first sample', () => {
  press(60, { shiftKey: true });
  moveTo(-30);
  release(-30);
  expect(chosen).toHaveBeenCalledExactlyOnceWith({ from: 0, to: 6000 }, { replace: false });
});

test('a press that hardly moves is a click', () => {
  press(50);
  moveTo(52);
  release(52);
  expect([clicked.mock.calls.length, plot.view.from]).toEqual([1, 0]);
});

test('two pointers zoom; Escape takes it back', () => {
  press(40);
  press(60, { pointerId: 2 });
  moveTo(80, { pointerId: 2 });
  expect(plot.view.to - plot.view.from).toBe(5000);
  key('Escape');
  expect(plot.view).toEqual({ from: 0, to: 10_000 });
});

test.each([
  ['ArrowRight', false, { from: 1000, to: 11_000 }],
  ['ArrowLeft', false, { from: 0, to: 10_000 }],
  ['End', false, { from: 90_000, to: 100_000 }],
  ['Home', false, { from: 0, to: 10_000 }],
])('the key %s shows another part', (name, shiftKey, view) => {
  key(name, { shiftKey });
  expect(plot.view).toEqual(view);
});

test('Shift and an arrow begin a range at the crosshair', () => {
  plot.cursor = 4000;
  key('ArrowRight', { shiftKey: true });
  expect(chosen).toHaveBeenCalledExactlyOnceWith({ from: 4000, to: 4200 }, { replace: false });
});
