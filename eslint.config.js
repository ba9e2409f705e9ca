// Style is Prettier's; what may import what is scripts/rooms.ts. Here: what types and sizes are allowed.
import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import vue from 'eslint-plugin-vue';
import ts from 'typescript-eslint';

const tests = ['**/*.test.ts', 'e2e/**/*.ts', 'src-main/bench/**/*.ts'];

const forbiddenSyntax = [
  { selector: 'TSAsExpression > TSAsExpression', message: 'A double assertion hides a wrong type: narrow it, or validate it.' },
  { selector: 'TSEnumDeclaration, TSModuleDeclaration[kind="namespace"]', message: 'Erasable syntax only: Node strips types.' },
];

const foldersForOneUser = {
  selector: 'CallExpression[callee.name=/^mkdir(Sync)?$/]:not(:has(Property[key.name="mode"]))',
  message: 'A folder of ours is for its user alone: say its mode.',
};

export default ts.config(
  { ignores: ['out/', 'dist/', 'build/', 'coverage/', 'test-results/', 'playwright-report/', '.cache/', 'node_modules/', '**/.venv/'] },
  js.configs.recommended,
  ...ts.configs.recommendedTypeChecked,
  ...vue.configs['flat/recommended'],
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', 'bin/*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', { max: 450 }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      eqeqeq: ['error', 'smart'],
      'no-restricted-syntax': ['error', ...forbiddenSyntax],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true, allowNullish: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-empty-object-type': 'error',
      '@typescript-eslint/require-await': 'off', // an async signature is often the contract's
    },
  },
  {
    files: ['src-main/**/*.ts'],
    ignores: [...tests, '**/testing/**'],
    rules: { 'no-restricted-syntax': ['error', ...forbiddenSyntax, foldersForOneUser] },
  },
  { files: ['**/*.vue'], languageOptions: { parserOptions: { parser: ts.parser } } },
  // The compiler knows every name, of the browser too.
  { files: ['**/*.{ts,vue}'], rules: { 'no-undef': 'off' } },
  {
    files: ['**/*.vue'],
    rules: {
      'max-lines-per-function': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
    },
  },
  { files: ['**/*.{js,mjs}'], ...ts.configs.disableTypeChecked },
  { files: ['**/*.{js,mjs}'], languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } } },
  { files: ['src-main/engine/**/*.ts', 'src-renderer/**/*.{ts,vue}', 'src-preload/**/*.ts'], rules: { 'no-console': 'error' } },
  {
    files: tests,
    rules: {
      'max-lines-per-function': 'off',
      'no-console': 'off',
      '@typescript-eslint/unbound-method': 'off', // expect(spy.method)
      '@typescript-eslint/no-unsafe-assignment': 'off', // expect.stringMatching(…) is typed any
    },
  },
  prettier,
);
