import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LaunchSpec } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import { LAUNCH } from '../project/testing.ts';
import { checkInterpreter, checkLaunch, clearInterpreterCache, findInterpreters } from '../targets/index.ts';
import { LaunchFace } from './launch.ts';

vi.mock('../targets/index.ts', () => ({
  checkInterpreter: vi.fn((path: string) => Promise.resolve({ path })),
  checkLaunch: vi.fn(() => Promise.resolve([])),
  clearInterpreterCache: vi.fn(),
  findInterpreters: vi.fn(() => Promise.resolve([])),
  quoteWord: vi.fn(),
}));

const signal = new AbortController().signal;
let launches: { id: number; spec: LaunchSpec }[];
let face: LaunchFace;

beforeEach(() => {
  vi.clearAllMocks();
  launches = [{ id: 1, spec: { ...LAUNCH, cwd: '/srv' } }];
  const recents = {
    launches: () => launches,
    forgetLaunch: (id: number) => void (launches = launches.filter((each) => each.id !== id)),
  };
  const mustHave = (spec: LaunchSpec): void => {
    if (spec.target !== 'known.py') throw new HeapscopeError('launch.unconfirmed');
  };
  face = new LaunchFace({ home: '/home/me', samplesFolder: '/', confirmed: { mustHave }, recents } as never);
});

describe('the interpreters of a folder', () => {
  const asked = async (cwd: string, confirmed: boolean, refresh = false): Promise<unknown> => {
    await face.interpreters({ cwd, confirmed, refresh }, signal);
    return vi.mocked(findInterpreters).mock.lastCall?.[0].cwd;
  };

  it('are asked who they are where the user has named it, or has started something in it; else those of the home folder', async () => {
    expect(await asked('/tmp/downloaded', false)).toBe('/home/me');
    expect(await asked('/tmp/downloaded', true)).toBe('/tmp/downloaded');
    expect(await asked('/srv', false)).toBe('/srv');
    launches.push({ id: 2, spec: { ...LAUNCH, cwd: '/other' } });
    expect(await asked('/srv', false)).toBe('/srv');
    face.forget({ id: 1 });
    expect(face.recents().map(({ id }) => id)).toEqual([2]);
    expect(await asked('/srv', false)).toBe('/home/me');
    launches = [];
    expect(await asked('/srv', false)).toBe('/home/me');
  });

  it('are asked anew only where that is wanted', async () => {
    await asked('/srv', true);
    expect(clearInterpreterCache).not.toHaveBeenCalled();
    await asked('/srv', true, true);
    expect(clearInterpreterCache).toHaveBeenCalledOnce();
    expect(vi.mocked(findInterpreters).mock.lastCall?.[0]).toMatchObject({ home: '/home/me', env: process.env, signal });
  });
});

describe('a launch', () => {
  it('is looked at where it is confirmed or known, and not before', async () => {
    await expect(face.check({ spec: LAUNCH, confirmed: false }, signal)).rejects.toThrow('launch.unconfirmed');
    expect(checkLaunch).not.toHaveBeenCalled();
    await face.check({ spec: LAUNCH, confirmed: true }, signal);
    await face.check({ spec: { ...LAUNCH, target: 'known.py' }, confirmed: false }, signal);
    expect(vi.mocked(checkLaunch).mock.calls.map(([{ target }, options]) => [target, options.home])).toEqual([
      ['leaky.py', '/home/me'],
      ['known.py', '/home/me'],
    ]);
  });

  it('has the interpreter that is named', async () => {
    expect(await face.checkInterpreter({ path: '/usr/bin/python3' })).toEqual({ path: '/usr/bin/python3' });
    expect(checkInterpreter).toHaveBeenCalledExactlyOnceWith('/usr/bin/python3');
  });
});
