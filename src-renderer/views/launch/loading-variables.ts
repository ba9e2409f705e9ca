/** Variables that decide which code a program loads; with these a harmless command runs an attacker's code. */
const NAMES = new Set([
  'PATH',
  'PATHEXT',
  // Where Python's per-user packages are, and files that shells read first.
  'HOME',
  'USERPROFILE',
  'APPDATA',
  'BASH_ENV',
  'ENV',
  'SHELLOPTS',
  'PROMPT_COMMAND',
  'PS4',
  'NODE_OPTIONS',
  'NODE_PATH',
  'PERL5OPT',
  'PERL5LIB',
  'RUBYOPT',
  'RUBYLIB',
  'CLASSPATH',
  'JAVA_TOOL_OPTIONS',
  'GCONV_PATH',
  'GTK_MODULES',
  'GTK_PATH',
  'GIO_EXTRA_MODULES',
  'GIO_MODULE_DIR',
  'QT_PLUGIN_PATH',
  'OPENSSL_CONF',
  'OPENSSL_ENGINES',
  'OPENSSL_MODULES',
  'HEAPSCOPE_LINK',
]);
const BEGINNINGS = ['LD_', 'DYLD_', 'PYTHON', 'GIT_', 'GLIBC_', 'BASH_FUNC_'];

/** Case-insensitive, as on Windows. */
export function loadsCode(name: string): boolean {
  const upper = name.trim().toUpperCase();
  return NAMES.has(upper) || BEGINNINGS.some((beginning) => upper.startsWith(beginning));
}

/** Variables that decide which code is loaded first, then the others, each in the file's order: many or long ones cannot hide them. */
export function byWeight<Row extends { name: string }>(rows: readonly Row[]): { loading: Row[]; others: Row[] } {
  return { loading: rows.filter(({ name }) => loadsCode(name)), others: rows.filter(({ name }) => !loadsCode(name)) };
}
