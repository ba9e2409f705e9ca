import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import type { PathStep } from '../../../../src-preload/contract/index.ts';
import { i18n } from '../../../format/i18n.ts';
import ChainList from './ChainList.vue';
import { chainLines } from './chain.ts';

const step = (node: number, change: Partial<PathStep> = {}): PathStep => ({
  ...{ node, merged: 1, kind: 'object', type: { module: '', name: 'list' }, name: { kind: 'attribute', text: 'kept', weak: false } },
  ...{ shallow: 1, retained: 2, count: 1, others: 0, preview: '', line: null, next: [] },
  ...change,
});

function listed(root: PathStep) {
  i18n.global.locale.value = 'en';
  const lines = chainLines({ roots: [root], asked: 1, reached: 1, cut: false });
  return mount(ChainList, { props: { lines, chosen: null, several: true }, global: { plugins: [i18n] } });
}

const items = step(2, {
  merged: 675,
  name: { kind: 'index', text: '*', weak: false },
  type: { module: '', name: 'tuple' },
  next: [step(3)],
});

test('like entries are one line with their number, and other ways are counted', () => {
  const lines = listed(step(1, { others: 3, next: [items] })).findAll('[role=treeitem]');
  expect(lines.map((line) => line.text().replaceAll(/\s+/g, ' '))).toEqual([
    expect.stringContaining('and 3 other ways'),
    expect.stringMatching(/\[\*\].*tuple.*× 675/) as string,
    expect.not.stringContaining('other way') as string,
  ]);
});

test('one of many that are told as one cannot be left out, a single holder can', async () => {
  const wrapper = listed(step(1, { next: [items] }));
  const [single, merged] = wrapper.findAll('[role=treeitem]');
  expect([single!.findAll('button').length, merged!.findAll('button').length]).toEqual([1, 0]);
  await merged!.trigger('keydown', { key: 'Delete' });
  expect(wrapper.emitted('ignore')).toBeUndefined();
  await single!.trigger('keydown', { key: 'Delete' });
  expect(wrapper.emitted('ignore')).toEqual([[1]]);
});
