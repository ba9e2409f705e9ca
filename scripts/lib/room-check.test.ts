import { describe, expect, it } from 'vitest';
import { RULES } from '../rooms.ts';
import { importsOf } from './imports.ts';
import { checkRooms, roomOf } from './room-check.ts';

const check = (path: string, text: string): string[] => checkRooms([{ path, text }], RULES);

describe('the room check refuses', () => {
  const cases: [name: string, path: string, text: string, why: RegExp][] = [
    ['a static import', 'src-main/engine/heap/a.ts', "import { x } from '../project/b.ts';", /may import contract, base, not 'project'/],
    ['an import of a type', 'src-main/engine/project/a.ts', "import type { X } from '../targets/b.ts';", /not 'targets'/],
    ['a re-export', 'src-main/engine/base/a.ts', "export * from '../heap/b.ts';", /not 'heap'/],
    ['a dynamic import', 'src-main/engine/heap/a.ts', "const x = await import('../targets/b.ts');", /not 'targets'/],
    ['a type by import()', 'src-renderer/components/a.ts', "let x: import('../stores/b.ts').B;", /not 'stores'/],
    ['a required module', 'src-main/engine/heap/a.ts', "const x = require('../project/b.ts');", /not 'project'/],
    ['a worker by URL', 'src-main/engine/heap/a.ts', "new Worker(new URL('../analysis/w.ts', import.meta.url));", /not 'analysis'/],
    ['a computed name', 'src-main/engine/heap/a.ts', 'await import(name);', /a computed name: a rule cannot be checked/],
    [
      'a component that talks to a store',
      'src-renderer/components/A.vue',
      '<script setup lang="ts">\nimport { s } from \'../stores/s.ts\';\n</script>',
      /A\.vue:2 .*not 'stores'/,
    ],
    [
      'a view that talks to the bridge',
      'src-renderer/views/timeline/A.vue',
      '<script setup lang="ts">import { api } from \'../../api/index.ts\'</script>',
      /not 'api'/,
    ],
    ['a view that borrows from another', 'src-renderer/views/runs/a.ts', "import { x } from '../heap/b.ts';", /not 'view-heap'/],
    ['a view that borrows from the frame', 'src-renderer/views/shared/a.ts', "import { x } from '../frame/b.ts';", /not 'frame'/],
    [
      'the window reaching into the engine',
      'src-renderer/api/a.ts',
      "import { x } from '../../src-main/engine/base/errors.ts';",
      /src-renderer may import only from/,
    ],
    [
      'the same in a test',
      'src-renderer/api/a.test.ts',
      "import { x } from '../../src-main/engine/base/errors.ts';",
      /src-renderer may import only from/,
    ],
    ['the contract importing anything', 'src-preload/contract/a.ts', "import { z } from 'zod';", /imports no package/],
    [
      'electron outside its room',
      'src-main/engine/base/a.ts',
      "import { app } from 'electron';",
      /only shell, electron-entry, preload may import electron/,
    ],
    ['a part of electron', 'src-main/rpc/a.ts', "import { app } from 'electron/main';", /may import electron/],
    ['echarts outside the charts', 'src-renderer/views/heap/a.ts', "import * as e from 'echarts/core';", /only charts may import echarts/],
    [
      'SQL outside the project room',
      'src-main/engine/recording/a.ts',
      "import { DatabaseSync } from 'node:sqlite';",
      /only project, fuzz may import node:sqlite/,
    ],
    ['a pty outside the targets room', 'src-main/cli/a.ts', "import pty from 'node-pty';", /only targets may import node-pty/],
    ['Node in the window', 'src-renderer/format/a.ts', "import { join } from 'node:path';", /Node's modules are not/],
    ['a path that is not relative', 'src-renderer/views/heap/a.ts', "import x from '@/stores/s.ts';", /relative path/],
    ['a folder without a room', 'src-main/helpers/a.ts', '', /stands in no room/],
    ['a loose file in the engine', 'src-main/engine/a.ts', '', /stands in no room/],
    ['an import from a folder without a room', 'src-main/rpc/a.ts', "import x from '../helpers/a.ts';", /stands in no room/],
  ];
  it.each(cases)('%s', (_name, path, text, why) => {
    const broken = check(path, text);
    expect(broken).toHaveLength(1);
    expect(broken[0]).toMatch(why);
  });
});

describe('in the agent', () => {
  const at = (path: string): string => `python-agent/heapscope_agent/${path}`;
  const others = ['__init__', 'commands', 'link/__init__', 'link/channel', 'link/wire', 'heap/__init__', 'heap/walk', 'layout/__init__'];
  const checkAgent = (path: string, text: string): string[] =>
    checkRooms([{ path: at(path), text }, ...others.map((other) => ({ path: at(`${other}.py`), text: '' }))], RULES);

  it.each([
    'from ..link.channel import send',
    'from ..link import channel',
    'from ..link import (\n    wire,\n    channel,\n)',
    'import heapscope_agent.link.channel as c',
    'def f():\n    from heapscope_agent.link import wire, \\\n        channel',
    'importlib.import_module("heapscope_agent.link.channel")',
  ])('a figure that reaches for the channel is refused: %s', (text) => {
    const broken = checkAgent('figures/samples.py', `import sys\n${text}\n`);
    expect(broken).toHaveLength(1);
    expect(broken[0]).toMatch(/samples\.py:[23] .*only link, agent may import .*channel\.py/);
  });

  it.each([
    ['figures/a.py', 'from heapscope_agent.heap import walk', /may import face, link, not 'heap'/],
    ['layout/a.py', 'def f():\n    from heapscope_agent.heap.walk import Walk', /may import face, dump-format, not 'heap'/],
    ['link/a.py', 'from heapscope_agent.layout import x', /may import face, not 'layout'/],
    ['heap/a.py', 'from heapscope_agent import commands', /not 'agent'/],
    ['heap/a.py', 'from .. import commands', /not 'agent'/],
    ['more/a.py', '', /stands in no room/],
  ])('%s with `%s` is refused', (path, text, why) => {
    const broken = checkAgent(path, text);
    expect(broken).toHaveLength(1);
    expect(broken[0]).toMatch(why);
  });

  it.each([
    ['figures/a.py', '# import channel\nx = "channel"\nfrom heapscope_agent.link import wire'],
    ['heap/a.py', 'from heapscope_agent.heap import walk\nfrom heapscope_agent.link import wire'],
    ['link/a.py', 'from heapscope_agent import __version__\nfrom .channel import Channel'],
    ['agent.py', 'from heapscope_agent.link import channel\nfrom .heap.walk import Walk'],
  ])('%s with `%s` is allowed', (path, text) => {
    expect(checkAgent(path, text)).toEqual([]);
  });

  it('every room that a rule names exists', () => {
    const names = new Set(RULES.python.rooms.map((room) => room.name));
    const named = [
      ...RULES.python.rooms.flatMap((room) => (room.may === 'all' ? [] : room.may)),
      ...RULES.python.files.flatMap((each) => each.rooms),
    ];
    expect(named.filter((name) => !names.has(name))).toEqual([]);
  });
});

describe('the room check allows', () => {
  it.each([
    ['the same room', 'src-main/engine/heap/a.ts', "import { x } from './b.ts';"],
    ['what the list says', 'src-main/engine/recording/a.ts', "import { x } from '../project/b.ts';"],
    ['the contract', 'src-main/engine/heap/a.ts', "import type { X } from '../../../src-preload/contract/index.ts';"],
    ['the engine to who makes it', 'src-main/headless.ts', "import { x } from './engine/index.ts';"],
    ['all of the engine to a benchmark', 'src-main/bench/a.ts', "import { x } from '../engine/heap/b.ts';"],
    ['a test that brings rooms together', 'src-main/engine/project/a.test.ts', "import { x } from '../recording/b.ts';"],
    ['SQL in a test that damages a file', 'src-main/engine/recording/a.test.ts', "import { DatabaseSync } from 'node:sqlite';"],
    [
      'words that look like imports',
      'src-main/engine/heap/a.ts',
      "// import x from '../project/b.ts'\nconst s = `import('../project/b.ts')`;",
    ],
  ])('%s', (_name, path, text) => {
    expect(check(path, text)).toEqual([]);
  });
});

describe('the engine, from outside', () => {
  const outside = ['rpc/a.ts', 'serve/a.ts', 'shell/a.ts', 'cli/a.ts', 'index.ts', 'headless.ts'].map((path) => `src-main/${path}`);
  const inside = RULES.rooms.filter(({ at }) => at.startsWith('src-main/engine/') && !/\/(faces|index\.ts|whole|accuracy)$/.test(at));
  const importOf = (path: string, target: string): string => `import { x } from '${path.split('/').length > 2 ? '../' : './'}${target}';`;

  it.each(outside)('is entered by %s through its faces', (path) => {
    expect(check(path, importOf(path, 'engine/faces/sessions.ts'))).toEqual([]);
  });

  it.each(outside)('is entered by %s through nothing else', (path) => {
    expect(inside.length).toBeGreaterThan(10);
    const entered = inside.filter(({ at }) => check(path, importOf(path, `${at.slice('src-main/'.length)}/b.ts`)).length === 0);
    expect(entered.map(({ name }) => name)).toEqual([]);
  });

  it('is known as a whole to its makers and to the router alone', () => {
    const knowing = outside.filter((path) => check(path, importOf(path, 'engine/index.ts')).length === 0);
    expect(knowing).toEqual(['src-main/rpc/a.ts', 'src-main/index.ts', 'src-main/headless.ts']);
  });
});

describe('rooms', () => {
  it('every room that a rule names exists', () => {
    const names = new Set(RULES.rooms.map((room) => room.name));
    const named = [...RULES.rooms.flatMap((room) => (room.may === 'all' ? [] : room.may)), ...RULES.packages.flatMap((each) => each.rooms)];
    expect(named.filter((name) => !names.has(name))).toEqual([]);
  });

  it('the deepest folder decides', () => {
    expect(roomOf('src-main/engine/heap/deep/a.ts', RULES)?.name).toBe('heap');
    expect(roomOf('src-main/engine/index.ts', RULES)?.name).toBe('engine');
    expect(roomOf('src-main/index.ts', RULES)?.name).toBe('electron-entry');
  });

  it('knows the line in a Vue file whose script comes last', () => {
    const text =
      '<template>\n  <p>import("x")</p>\n</template>\n\n<script setup lang="ts" generic="T extends Map<string, X>">\nimport a from \'./a.ts\';\n</script>\n';
    expect(importsOf('A.vue', text)).toEqual([{ specifier: './a.ts', line: 6 }]);
  });
});

describe('in the C core', () => {
  const native = (path: string): string => `python-agent/native/${path}`;

  it.each([
    ['base/a.c', '#include "python/peek.h"', /room 'base' may include no other, not 'python'/],
    ['python/a.h', '  #  include "heap/walk.h"', /python\/a\.h:1 includes "heap\/walk\.h"/],
    ['a.c', '#include "base/memory.h"', /stands in no room/],
  ])('%s with `%s` is refused', (path, text, why) => {
    const broken = check(native(path), text);
    expect(broken).toHaveLength(1);
    expect(broken[0]).toMatch(why);
  });

  it('what stands below, the own folder and the system may be included', () => {
    const text = '#include <stdio.h>\n#include "graph.h"\n#include "base/memory.h"\n#include "python/peek.h"';
    expect(
      checkRooms(
        [
          { path: native('heap/a.c'), text },
          { path: native('heap/graph.h'), text: '' },
        ],
        RULES,
      ),
    ).toEqual([]);
  });
});
