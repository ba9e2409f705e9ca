import { describe, expect, test } from 'vitest';
import { checkCircles } from './circle-check.ts';
import type { SourceFile } from './room-check.ts';

const file = (path: string, text: string): SourceFile => ({ path, text });
const told = (files: SourceFile[]): string[] => checkCircles(files).map((one) => one.split(' is a circle')[0] ?? '');

describe('in TypeScript', () => {
  test('two files that only need a type of each other are a circle', () => {
    const files = [file('a.ts', "import type { B } from './b.ts';"), file('b.ts', "import { a } from './a.ts';")];
    expect(told(files)).toEqual(['a.ts -> b.ts -> a.ts']);
  });

  test('a circle of many steps is told once, by its shortest way, in whichever spelling', () => {
    const files = [
      file('x/a.ts', "export * from './b.ts';"),
      file('x/b.ts', "const c = () => import('../y/c.vue');"),
      file('y/c.vue', '<script setup lang="ts">\nlet a: import(\'../x/a.ts\').A;\nimport { d } from "./d.ts";\n</script>'),
      file('y/d.ts', "import { e } from './e.ts';"),
      file('y/e.ts', "import '../x/a.ts';"),
    ];
    expect(told(files)).toEqual(['x/a.ts -> x/b.ts -> y/c.vue -> x/a.ts']);
  });

  test('two circles are two', () => {
    const pair = (a: string, b: string): SourceFile[] => [file(a, `import './${b}';`), file(b, `import './${a}';`)];
    expect(told([...pair('a.ts', 'b.ts'), ...pair('c.ts', 'd.ts')])).toHaveLength(2);
  });

  test('files that meet again below are none', () => {
    const files = [
      file('a.ts', "import './b.ts'; import './c.ts';"),
      file('b.ts', "import './d.ts';"),
      file('c.ts', "import './d.ts';"),
      file('d.ts', ''),
    ];
    expect(told(files)).toEqual([]);
  });
});

describe('in Python', () => {
  const python = (a: string, b: string): string[] => told([file('p/k/a.py', a), file('p/k/b.py', b), file('p/k/__init__.py', '')]);

  test.each([
    ['from .b import x', 'from . import a'],
    ['from . import (\n    b,\n)', 'import k.a'],
    ['try:\n    from k.b import x\nexcept ImportError:\n    x = None', 'from k import a as other'],
  ])('modules that load each other are a circle: %j, %j', (a, b) => {
    expect(python(a, b)).toEqual(['p/k/a.py -> p/k/b.py -> p/k/a.py']);
  });

  test.each([
    'def f():\n    from . import a',
    'class C:\n    def f(self):\n        if True:\n            from . import a',
    'if TYPE_CHECKING:\n    from . import a',
  ])('an import that is made later is not: %j', (b) => {
    expect(python('from .b import x', b)).toEqual([]);
  });
});

describe('in C', () => {
  const pair = (name: string, header: string, source: string): SourceFile[] => [
    file(`n/${name}.h`, header),
    file(`n/${name}.c`, `#include "${name.split('/').at(-1)}.h"\n${source}`),
  ];

  test('a header and its source file are none, and what lies below both is none', () => {
    const files = [...pair('b/x', '#include "b/base.h"', '#include "b/base.h"\n#include <b/y.h>'), ...pair('b/y', '#include "x.h"', '')];
    expect(told([...files, file('n/b/base.h', '')])).toEqual([]);
  });

  test('headers that include each other are a circle', () => {
    const files = [file('n/b/x.h', '#include "c/y.h"'), file('n/c/y.h', '#ifdef A\n#  include "b/x.h"\n#endif')];
    expect(told(files)).toEqual(['n/b/x.h -> n/c/y.h -> n/b/x.h']);
  });

  test('source files that need each other are a circle, though their headers are not', () => {
    const files = [...pair('b/x', '', '#include "b/y.h"'), ...pair('b/y', '', '#include "b/x.h"')];
    expect(told(files)).toEqual(['n/b/x.c -> n/b/y.h -> n/b/y.c -> n/b/x.h -> n/b/x.c']);
  });
});
