import { mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { afterEach, describe, expect, test } from 'vitest';
import { i18n } from '../../format/i18n.ts';
import FileBrowser from './FileBrowser.vue';

const entry = (
  name: string,
  kind: 'folder' | 'file',
): { name: string; path: string; kind: 'folder' | 'file'; size: number; modified: number } => ({
  name,
  path: `/home/${name}`,
  kind,
  size: 10,
  modified: 0,
});
const listing = { path: '/home', parent: '/', entries: [entry('data', 'folder'), entry('old.heapscope', 'file'), entry('run.py', 'file')] };

let wrapper: VueWrapper;
afterEach(() => wrapper.unmount());

function browse(kind: 'open' | 'folder' | 'save'): VueWrapper {
  const props = { kind, listing, error: null, separator: '/' as const, home: '/home', suggested: 'new', filter: 'any' as const };
  wrapper = mount(FileBrowser, { props, global: { plugins: [i18n] }, attachTo: document.body });
  return wrapper;
}
const press = (key: string): Promise<void> => wrapper.find('[role=listbox]').trigger('keydown', { key });
const button = (text: string): Promise<void> =>
  wrapper
    .findAll('button')
    .find((one) => one.text() === text)
    ?.trigger('click') ?? Promise.reject(new Error(`no button ${text}`));

test('an error is told in words', () => {
  const facts = { path: '/secret' };
  wrapper = mount(FileBrowser, {
    props: {
      kind: 'open',
      listing: null,
      error: { code: 'file.forbidden', facts },
      separator: '/',
      home: '/',
      suggested: '',
      filter: 'any',
    },
    global: { plugins: [i18n] },
  });
  expect(wrapper.find('.problem').text()).toContain('no permission to read or write /secret');
});

test('a folder that comes late does not take away a path that is being typed; one that was asked for does', async () => {
  browse('open');
  const box = wrapper.find<HTMLInputElement>('input');
  box.element.focus();
  await box.setValue('/srv/ap');
  await wrapper.setProps({ listing: { ...listing, path: '/late' } });
  expect(box.element.value).toBe('/srv/ap');
  await box.trigger('keydown', { key: 'Enter' });
  await wrapper.setProps({ listing: { ...listing, path: '/srv/app' } });
  expect(box.element.value).toBe('/srv/app');
});

test('keys walk the list, open folders, go up, find by letter, and choose', async () => {
  browse('open');
  await press('Enter');
  await press('Backspace');
  expect(wrapper.emitted('show')).toEqual([['/home/data'], ['/']]);
  await press('r');
  await press('Enter');
  expect(wrapper.emitted('choose')).toEqual([['/home/run.py']]);
  await press('Home');
  await press('End');
  expect(wrapper.find('[aria-selected=true]').text()).toContain('run.py');
});

test('a folder is chosen as it stands', async () => {
  browse('folder');
  await button('Choose this folder');
  expect(wrapper.emitted('choose')).toEqual([['/home']]);
});

describe('saving', () => {
  const name = () => wrapper.find<HTMLInputElement>('.name input');

  test.each([
    ['/srv/other.heapscope', '/srv/other.heapscope'],
    ['/srv/other', '/srv/other.heapscope'],
    ['~/mine', '~/mine.heapscope'],
    ['data/mine', '/home/data/mine.heapscope'],
    ['../mine', '/home/../mine.heapscope'],
  ])('a path typed as the name, %s, is that file', async (typed, path) => {
    browse('save');
    await name().setValue(typed);
    await button('Save');
    expect(wrapper.emitted('choose')).toEqual([[path]]);
  });

  test('a folder typed as the name is shown', async () => {
    browse('save');
    await name().setValue('data/');
    await button('Save');
    expect([wrapper.emitted('choose'), wrapper.emitted('show')]).toEqual([undefined, [['/home/data/']]]);
  });

  test('a path of a project typed above is that file, another is a folder to show; the name stays', async () => {
    browse('save');
    const box = wrapper.find<HTMLInputElement>('input');
    for (const typed of ['/srv/old.heapscope', '/srv/v1.2']) {
      await box.setValue(typed);
      await box.trigger('keydown', { key: 'Enter' });
    }
    expect([wrapper.emitted('choose'), wrapper.emitted('show')]).toEqual([[['/srv/old.heapscope']], [['/srv/v1.2']]]);
    await wrapper.setProps({ error: { code: 'file.missing', facts: { path: '/srv/v1.2' } } });
    expect([box.element.value, name().element.value]).toEqual(['/srv/v1.2', 'new']);
  });

  test('a name gets its ending', async () => {
    browse('save');
    await button('Save');
    await wrapper.findAll('[role=option]')[1]?.trigger('click');
    await button('Save');
    expect(wrapper.emitted('choose')).toEqual([['/home/new.heapscope'], ['/home/old.heapscope']]);
  });
});
