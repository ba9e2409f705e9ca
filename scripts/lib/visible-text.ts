import type { SFCTemplateCompileOptions } from 'vue/compiler-sfc';

type CompilerOptions = NonNullable<SFCTemplateCompileOptions['compilerOptions']>;
type NodeTransform = NonNullable<CompilerOptions['nodeTransforms']>[number];

/** Attributes of elements that people read, on the page or through a screen reader. */
const READ = new Set(['title', 'aria-label', 'aria-description', 'aria-valuetext', 'alt', 'placeholder']);
/** From Vue's syntax tree: a plain element's `tagType`, and the type of an expression of several parts. */
const PLAIN = 0;
const COMPOUND = 8;

/** For Vue's compiler: bound attributes of plain elements that people read go through `format/display.ts` too. */
export const visibleAttributes: NodeTransform = (node) => {
  if (!('tagType' in node) || Number(node.tagType) !== PLAIN) return;
  for (const prop of node.props) {
    if (!('exp' in prop) || prop.name !== 'bind' || prop.exp === undefined || prop.arg === undefined) continue;
    if (!('isStatic' in prop.arg) || !prop.arg.isStatic || !READ.has(prop.arg.content)) continue;
    const { exp } = prop;
    prop.exp = { type: COMPOUND, loc: exp.loc, children: ['_displayValue(', exp, ')'] };
  }
};

/**
 * A Vite plugin: text between double braces goes through `format/display.ts` in every component, so that no name of a program can hide or
 * reorder the text beside it, and components need no code for it. Throws if Vue writes its import in another way. `root`: the repository; a
 * configuration is bundled to another place before it runs.
 */
export function visibleText(root: string): { name: string; enforce: 'post'; transform(code: string, id: string): string | undefined } {
  const display = `${root}/src-renderer/format/display.ts`.replaceAll('\\', '/');
  return {
    name: 'heapscope-visible-text',
    enforce: 'post',
    transform(code, id) {
      if (!/\.vue(\?|$)/.test(id)) return undefined;
      const attributes = code.includes('_displayValue(')
        ? `import { displayValue as _displayValue } from ${JSON.stringify(display)}; `
        : '';
      if (!code.includes('_toDisplayString(')) return attributes === '' ? undefined : attributes + code;
      const imported = /\btoDisplayString as _toDisplayString\b,?/;
      if (!imported.test(code)) throw new Error(`toDisplayString is imported in another way in ${id}`);
      // On the same line, so that positions in the source do not change.
      return `${attributes}import { display as _toDisplayString } from ${JSON.stringify(display)}; ${code.replace(imported, '')}`;
    },
  };
}
