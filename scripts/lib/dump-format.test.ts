import { expect, test } from 'vitest';
import { checkGenerated, generatedFiles, type Group } from './dump-format.ts';

const GROUPS: Group[] = [{ name: 'DUMP_ROOT', what: 'Kinds of roots.', values: { modules: 1, staticTypes: 5 } }];
const [c, python, typescript] = generatedFiles(GROUPS).map(({ text }) => text);

test('each language has every number, named as the language names things', () => {
  expect(c).toContain('/* Kinds of roots. */\nenum {\n    DUMP_ROOT_MODULES = 1,\n    DUMP_ROOT_STATIC_TYPES = 5,\n};');
  expect(python).toContain('# Kinds of roots.\nDUMP_ROOT_MODULES = 1\nDUMP_ROOT_STATIC_TYPES = 5\n');
  expect(typescript).toContain('/** Kinds of roots. */\nexport const DUMP_ROOT = {\n  modules: 1,\n  staticTypes: 5,\n} as const;');
});

test('a generated file that differs from the table, or is missing, is named', () => {
  const files = generatedFiles(GROUPS);
  const kept = new Map(files.map(({ path, text }) => [path, text]));
  expect(checkGenerated(files, (path) => kept.get(path) ?? null)).toEqual([]);
  kept.set(files[0]!.path, c!.replace('= 5', '= 6'));
  kept.delete(files[1]!.path);
  const problems = checkGenerated(files, (path) => kept.get(path) ?? null);
  expect(problems.map((problem) => problem.split(' ')[0])).toEqual([files[0]!.path, files[1]!.path]);
});
