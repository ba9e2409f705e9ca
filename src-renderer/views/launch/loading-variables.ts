/** Variables that decide which code a program loads; by these a harmless command runs a stranger's. */
const NAMES = new Set([
  'PATH',
  'PATHEXT',
  'NODE_OPTIONS',
  'BASH_ENV',
  'ENV',
  'GCONV_PATH',
  'PERL5OPT',
  'RUBYOPT',
  'JAVA_TOOL_OPTIONS',
  'HEAPSCOPE_LINK',
]);
const BEGINNINGS = ['LD_', 'DYLD_', 'PYTHON', 'GIT_'];

/** Without regard to case: Windows has none. */
export function loadsCode(name: string): boolean {
  const upper = name.trim().toUpperCase();
  return NAMES.has(upper) || BEGINNINGS.some((beginning) => upper.startsWith(beginning));
}
