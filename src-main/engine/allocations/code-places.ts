/** Whose code a file is, by its path alone: a project may be opened on another machine. */

/** What follows is the path of a module below a folder of libraries, or of the standard library. */
const LIBRARY = /(?:^|[\\/])(?:site-packages|dist-packages)[\\/](?!.*[\\/](?:site-packages|dist-packages)[\\/])/i;
const STANDARD = /(?:^|[\\/])(?:lib(?:64)?[\\/]python\d[\d.]*t?|python\d+\.zip)[\\/]/i;
const WINDOWS = /(?:^|[\\/])python[\d.-]*t?[\\/]lib[\\/]/i;
const AGENT = /(?:^|[\\/])heapscope_agent[\\/]/;
const FROZEN = /^<frozen (.*)>$/;

export interface CodePlace {
  /** The user's own: no library's, no part of Python or of the agent. `<string>` and a notebook's cell count as own. */
  own: boolean;
  /** As it is imported, as far as the path tells. */
  module: string;
  /** Its first part, of a library; empty for own code. */
  package: string;
}

/**
 * `/usr/lib/python3.12/json/decoder.py` is `{ own: false, module: 'json.decoder', package: 'json' }`; of the user's own files only the name
 * is known: `/srv/app/views.py` is `{ own: true, module: 'views', package: '' }`.
 */
export function placeOf(file: string): CodePlace {
  if (file === '') return { own: false, module: '', package: '' };
  const frozen = FROZEN.exec(file)?.[1];
  if (frozen !== undefined) return library(frozen);
  if (file.startsWith('<')) return { own: true, module: file, package: '' };
  const found = LIBRARY.exec(file) ?? STANDARD.exec(file) ?? WINDOWS.exec(file);
  if (found !== null) return library(dotted(file.slice(found.index + found[0].length)));
  if (AGENT.test(file)) return library(dotted(file.slice(file.search(AGENT)).replace(/^[\\/]/, '')));
  const parts = dotted(file).split('.');
  return { own: true, module: parts.at(-1) ?? '', package: '' };
}

function library(module: string): CodePlace {
  return { own: false, module, package: module.split('.')[0] ?? '' };
}

function dotted(path: string): string {
  const parts = path.replace(/\.pyc?$/, '').split(/[\\/]+/);
  const last = parts.at(-1);
  if ((last === '__init__' || last === '__main__') && parts.length > 1) parts.pop();
  return parts.filter((part) => part !== '').join('.');
}
