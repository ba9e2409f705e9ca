import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Interpreter } from '../../../src-preload/contract/index.ts';
import { isDirectory, pathFolders } from './find-program.ts';

/** A path where an interpreter may be, not yet probed. */
export interface Candidate {
  path: string;
  source: Interpreter['source'];
  /** Groups of the list, lowest first; within a group the order of discovery, in the last one the version. */
  rank: 'active' | 'project' | 'active-conda' | 'path' | 'other';
}

export interface SearchPlaces {
  cwd: string;
  env: NodeJS.ProcessEnv;
  home: string;
}

const PROJECT_FOLDERS = ['.venv', 'venv', 'env'];
const PARENTS = 12;
const VERSIONED = process.platform === 'win32' ? /^python3\.\d+\.exe$/i : /^python3\.\d+t?$/;

/** All paths where an interpreter may be on this machine, best first; nothing is run. */
export function listCandidates(places: SearchPlaces): Candidate[] {
  const { env } = places;
  return [
    ...environment(env['VIRTUAL_ENV'], 'active-venv', 'active'),
    ...projectEnvironments(places),
    ...environment(env['CONDA_PREFIX'], 'conda', 'active-conda'),
    ...onPath(places),
    ...pyenvVersions(places),
    ...condaEnvironments(places),
    ...systemVersions(places),
  ];
}

/** The interpreter inside an environment's folder; conda on Windows keeps it at the top level. */
export function interpreterOf(folder: string): string | null {
  const names = process.platform === 'win32' ? ['Scripts/python.exe', 'python.exe'] : ['bin/python', 'bin/python3'];
  const found = names.map((name) => path.join(folder, name)).find(isThere);
  return found ?? null;
}

/** Also true for a dangling link: a broken environment is worth showing. */
function isThere(file: string): boolean {
  return existsSync(file) || listFolder(path.dirname(file)).includes(path.basename(file));
}

function environment(folder: string | undefined, source: Candidate['source'], rank: Candidate['rank']): Candidate[] {
  const file = folder ? interpreterOf(folder) : null;
  return file === null ? [] : [{ path: file, source, rank }];
}

function projectEnvironments({ cwd, home }: SearchPlaces): Candidate[] {
  const found: Candidate[] = [];
  let folder = path.resolve(cwd);
  for (let i = 0; i < PARENTS; i++) {
    for (const name of PROJECT_FOLDERS) {
      const environmentFolder = path.join(folder, name);
      // A folder named "env" may be anything; it counts only with an environment's marker file.
      if (existsSync(path.join(environmentFolder, 'pyvenv.cfg'))) found.push(...environment(environmentFolder, 'venv', 'project'));
    }
    const parent = path.dirname(folder);
    if (parent === folder || folder === home) break;
    folder = parent;
  }
  return found;
}

function onPath({ cwd, env }: SearchPlaces): Candidate[] {
  const folders = pathFolders(env, cwd);
  const names = process.platform === 'win32' ? ['python.exe', 'python3.exe'] : ['python3', 'python'];
  const unversioned = folders
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .filter((file) => existsSync(file) && !isStoreStub(file));
  const versioned = folders.filter((folder) => path.basename(folder) !== 'shims').flatMap((folder) => versionedIn(folder));
  return [
    ...unversioned.map((file): Candidate => ({ path: file, source: 'path', rank: 'path' })),
    ...versioned.map((file): Candidate => ({ path: file, source: 'path', rank: 'other' })),
  ];
}

/** On Windows, PATH has empty "python.exe" files that open the store. */
function isStoreStub(file: string): boolean {
  return process.platform === 'win32' && /\\WindowsApps\\/i.test(file);
}

function versionedIn(folder: string): string[] {
  return listFolder(folder)
    .filter((name) => VERSIONED.test(name))
    .map((name) => path.join(folder, name));
}

function pyenvVersions({ env, home }: SearchPlaces): Candidate[] {
  const roots = [env['PYENV_ROOT'], path.join(home, '.pyenv'), path.join(home, '.pyenv', 'pyenv-win')];
  return unique(roots.filter((root) => root !== undefined && root !== '')).flatMap((root) => {
    const versions = path.join(root!, 'versions');
    return listFolder(versions).flatMap((name) => environment(path.join(versions, name), 'pyenv', 'other'));
  });
}

function condaEnvironments({ env, home }: SearchPlaces): Candidate[] {
  const bases = ['miniconda3', 'anaconda3', 'miniforge3', 'mambaforge', 'micromamba'].flatMap((name) => [
    path.join(home, name),
    path.join('/opt', name),
  ]);
  bases.push('/opt/conda', '/opt/homebrew/Caskroom/miniconda/base');
  if (env['CONDA_EXE']) bases.push(path.dirname(path.dirname(env['CONDA_EXE'])));
  if (env['MAMBA_ROOT_PREFIX']) bases.push(env['MAMBA_ROOT_PREFIX']);
  const envFolders = [...bases.map((base) => path.join(base, 'envs')), path.join(home, '.conda', 'envs')];
  const named = envFolders.flatMap((folder) => listFolder(folder).map((name) => path.join(folder, name)));
  const listed = readLines(path.join(home, '.conda', 'environments.txt'));
  return unique([...listed, ...bases.filter((base) => isDirectory(path.join(base, 'conda-meta'))), ...named]).flatMap((folder) =>
    environment(folder, 'conda', 'other'),
  );
}

function systemVersions({ env }: SearchPlaces): Candidate[] {
  if (process.platform === 'win32') return windowsVersions(env);
  const folders = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];
  if (process.platform === 'darwin') {
    const versions = '/Library/Frameworks/Python.framework/Versions';
    folders.push(...listFolder(versions).map((name) => path.join(versions, name, 'bin')));
  }
  return folders.flatMap(versionedIn).map((file): Candidate => ({ path: file, source: 'path', rank: 'other' }));
}

function windowsVersions(env: NodeJS.ProcessEnv): Candidate[] {
  const local = env['LOCALAPPDATA'] ? path.join(env['LOCALAPPDATA'], 'Programs', 'Python') : null;
  const roots = [local, env['ProgramFiles'], 'C:\\'].filter((root) => root !== null && root !== undefined);
  return roots.flatMap((root) =>
    listFolder(root)
      .filter((name) => /^Python3\d+/i.test(name))
      .flatMap((name) => environment(path.join(root, name), 'path', 'other')),
  );
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '');
  } catch {
    return [];
  }
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
