import { describe, expect, test } from 'vitest';
import { cleanEnvironment } from './environment.ts';

describe('the environment a program gets', () => {
  test('is free of what npm set, and only of that', () => {
    const clean = cleanEnvironment(
      {
        HOME: '/home/ada',
        npm_execpath: '/lib/npm-cli.js',
        npm_node_execpath: '/bin/node',
        npm_config_cache: '/c',
        INIT_CWD: '/p',
        NODE: '/bin/node',
        COLOR: '1',
        EDITOR: 'vi',
        NODE_OPTIONS: '--max-old-space-size=99',
        PATH: '/p/node_modules/.bin:/node_modules/.bin:/lib/node-gyp-bin:/usr/bin:/mine/node_modules/.bin',
      },
      { terminal: 'pipes' },
    );
    expect(clean).toEqual({
      HOME: '/home/ada',
      EDITOR: 'vi',
      NODE_OPTIONS: '--max-old-space-size=99',
      PATH: '/usr/bin:/mine/node_modules/.bin',
    });
  });

  test('keeps a node_modules/.bin where npm did not start us', () => {
    expect(cleanEnvironment({ PATH: '/p/node_modules/.bin:/usr/bin' }, { terminal: 'pipes' })).toEqual({
      PATH: '/p/node_modules/.bin:/usr/bin',
    });
  });

  test('loses the NODE_OPTIONS that npm made of its own setting', () => {
    const env = { npm_execpath: 'x', npm_config_node_options: '--trace-gc', NODE_OPTIONS: '--trace-gc' };
    expect(cleanEnvironment(env, { terminal: 'pipes' })).toEqual({});
  });

  test('is free of Electron, of an AppImage and of an outer Heapscope', () => {
    const clean = cleanEnvironment(
      {
        ELECTRON_RUN_AS_NODE: '1',
        HEAPSCOPE_LINK: 'v=1',
        ORIGINAL_XDG_CURRENT_DESKTOP: 'GNOME',
        XDG_CURRENT_DESKTOP: 'Unity',
        APPDIR: '/tmp/.mount',
        APPIMAGE: '/x.AppImage',
        PATH: '/tmp/.mount:/tmp/.mount/usr/sbin:/usr/bin:/tmp/.mountain',
        LD_LIBRARY_PATH: '/tmp/.mount/usr/lib:',
      },
      { terminal: 'pipes' },
    );
    expect(clean).toEqual({ XDG_CURRENT_DESKTOP: 'GNOME', PATH: '/usr/bin:/tmp/.mountain' });
  });

  test('does not speak of the outer terminal in a terminal of ours', () => {
    const env = { TERM: 'screen', TMUX: '/tmp/x', COLUMNS: '200', NO_COLOR: '1', LANG: 'C.UTF-8' };
    expect(cleanEnvironment(env, { terminal: 'pty' })).toEqual({ NO_COLOR: '1', LANG: 'C.UTF-8' });
    expect(cleanEnvironment(env, { terminal: 'users-pty' })).toEqual(env);
    expect(cleanEnvironment(env, { terminal: 'pipes' })).toEqual(env);
  });

  test('keeps what is the user’s own where npm started us by a script', () => {
    const env = {
      npm_lifecycle_event: 'dev',
      npm_node_execpath: '/bin/node',
      NODE: '/mine/node',
      COLOR: '1',
      PATH: '/a/node_modules/.bin/x:/usr/bin',
    };
    expect(cleanEnvironment(env, { terminal: 'pipes' })).toEqual({ NODE: '/mine/node', PATH: '/a/node_modules/.bin/x:/usr/bin' });
  });

  test('has an empty PATH where npm’s folders were all there was', () => {
    expect(cleanEnvironment({ npm_execpath: 'x', PATH: '/p/node_modules/.bin' }, { terminal: 'pipes' })).toEqual({ PATH: '' });
  });

  test('names the desktop that the user has, and has no variable without a value', () => {
    const clean = cleanEnvironment({ XDG_CURRENT_DESKTOP: 'KDE', PATH: '/usr/bin', NOTHING: undefined }, { terminal: 'pipes' });
    expect(Object.entries(clean)).toEqual([
      ['XDG_CURRENT_DESKTOP', 'KDE'],
      ['PATH', '/usr/bin'],
    ]);
  });
});
