import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as api from '../api/index.ts';
import { useActions, type Action } from './actions.ts';
import { useLayout } from './layout.ts';
import { useOwnKeys } from './own-keys.ts';
import type { Keystroke } from './shortcut.ts';
import { fakeOf, freshStores } from './testing.ts';

vi.mock('../api/index.ts', async () => (await import('./testing.ts')).fakeApi());

const action = (id: string, shortcuts: string[]): Action => ({
  id,
  label: id,
  group: 'window',
  shortcuts,
  enabled: () => true,
  run: () => undefined,
});
const stroke = (key: string, altKey = false): Keystroke => ({ key, altKey, ctrlKey: false, metaKey: false, shiftKey: false });

const fake = fakeOf(api);
beforeEach(() => freshStores(fake));

describe('a key of one’s own', () => {
  test('stands instead of the usual ones, until those are wanted again', () => {
    const [actions, own] = [useActions(), useOwnKeys()];
    actions.register([action('mark', ['M', 'F6']), action('other', ['O'])]);
    own.set('mark', 'Alt+C');
    expect([stroke('m'), stroke('F6'), stroke('c', true), stroke('o')].map((key) => actions.ofKey(key)?.id)).toEqual([
      undefined,
      undefined,
      'mark',
      'other',
    ]);
    expect(actions.keysOf('mark')).toEqual(['Alt', 'C']);
    own.set('mark', null);
    expect([actions.ofKey(stroke('m'))?.id, own.all]).toEqual(['mark', {}]);
  });

  test('can be none', () => {
    const [actions, own] = [useActions(), useOwnKeys()];
    actions.register([action('mark', ['M'])]);
    own.set('mark', '');
    expect([actions.ofKey(stroke('m')), actions.keysOf('mark'), own.of('mark'), own.of('other')]).toEqual([undefined, [], [], null]);
    own.reset();
    expect(actions.ofKey(stroke('m'))?.id).toBe('mark');
  });

  test('outlives the layout, and damaged ones are none', () => {
    const [layout, own] = [useLayout(), useOwnKeys()];
    layout.write('panels.console.open', false);
    own.set('mark', 'Alt+C');
    layout.reset();
    expect(layout.values).toEqual({ keys: { mark: 'Alt+C' } });
    layout.values = { keys: { mark: 5 } };
    expect(own.all).toEqual({});
    layout.values = { keys: { mark: 'x'.repeat(41) } };
    expect(own.of('mark')).toBeNull();
  });
});
