/**
 * A Vite plugin: text between double braces goes through `format/display.ts` in every component, so that no name of a program can
 * hide or turn round what stands beside it, and no component has to think of it. Throws where Vue writes its import in another way.
 * `root`: the repository; a configuration is bundled to another place before it runs.
 */
export function visibleText(root: string): { name: string; enforce: 'post'; transform(code: string, id: string): string | undefined } {
  const display = `${root}/src-renderer/format/display.ts`.replaceAll('\\', '/');
  return {
    name: 'heapscope-visible-text',
    enforce: 'post',
    transform(code, id) {
      if (!/\.vue(\?|$)/.test(id) || !code.includes('_toDisplayString(')) return undefined;
      const imported = /\btoDisplayString as _toDisplayString\b,?/;
      if (!imported.test(code)) throw new Error(`toDisplayString is imported in another way in ${id}`);
      // On the same line, so that places in the source stay where they are.
      return `import { display as _toDisplayString } from ${JSON.stringify(display)}; ${code.replace(imported, '')}`;
    },
  };
}
