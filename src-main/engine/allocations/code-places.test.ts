import { expect, it } from 'vitest';
import { placeOf } from './code-places.ts';

it.each([
  ['/srv/app/views.py', true, 'views', ''],
  ['/srv/app/shop/__init__.py', true, 'shop', ''],
  ['C:\\work\\app\\main.py', true, 'main', ''],
  ['<string>', true, '<string>', ''],
  ['<stdin>', true, '<stdin>', ''],
  ['<ipython-input-3-abc>', true, '<ipython-input-3-abc>', ''],
  ['/home/me/library/site.py', true, 'site', ''],
  ['/usr/lib/python3.12/json/decoder.py', false, 'json.decoder', 'json'],
  ['/usr/lib/python3.12/json/__init__.py', false, 'json', 'json'],
  ['/opt/python3.13t/lib/python3.13t/threading.py', false, 'threading', 'threading'],
  ['C:\\Program Files\\Python312\\Lib\\json\\decoder.py', false, 'json.decoder', 'json'],
  ['/usr/lib/python312.zip/ast.py', false, 'ast', 'ast'],
  ['/venv/lib/python3.12/site-packages/pandas/core/frame.py', false, 'pandas.core.frame', 'pandas'],
  ['/usr/lib/python3/dist-packages/six.py', false, 'six', 'six'],
  ['/srv/site-packages/tool/site-packages/x/y.py', false, 'x.y', 'x'],
  ['<frozen importlib._bootstrap>', false, 'importlib._bootstrap', 'importlib'],
  ['/anywhere/python-agent/heapscope_agent/link/wire.py', false, 'heapscope_agent.link.wire', 'heapscope_agent'],
  ['', false, '', ''],
])('%s', (file, own, module, name) => {
  expect(placeOf(file)).toEqual({ own, module, package: name });
});
