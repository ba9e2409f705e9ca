import ts from 'typescript';

/** One import of a file, in any of its spellings. */
export interface Import {
  /** As written; null if it is computed and cannot be checked. */
  specifier: string | null;
  /** From 1, in the whole file. */
  line: number;
}

/**
 * Every module that a TypeScript or Vue file names: `import`, `export … from`, `import()`, `import('x').Type`,
 * `require()`, `import x = require()`, `new URL('x', import.meta.url)` (workers), and `src` of a Vue script block.
 */
export function importsOf(file: string, text: string): Import[] {
  if (!file.endsWith('.vue')) return importsOfScript(text, 1);
  const found: Import[] = [];
  for (const block of text.matchAll(/<script\b((?:"[^"]*"|'[^']*'|[^>"'])*)>([\s\S]*?)<\/script>/g)) {
    const body = block[2] ?? '';
    const start = block.index + block[0].length - body.length - '</script>'.length;
    const source = /\bsrc="([^"]+)"/.exec(block[1] ?? '');
    if (source?.[1]) found.push({ specifier: source[1], line: lineAt(text, block.index) });
    found.push(...importsOfScript(body, lineAt(text, start)));
  }
  return found;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function importsOfScript(text: string, firstLine: number): Import[] {
  const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, false, ts.ScriptKind.TS);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) {
      found.push({
        specifier: specifier && ts.isStringLiteralLike(specifier) ? specifier.text : null,
        line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + firstLine,
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The expression that names the module; undefined: the node imports nothing. */
function specifierOf(node: ts.Node): ts.Node | null | undefined {
  if (ts.isImportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : null;
  if (ts.isCallExpression(node) && isImportCall(node.expression)) return node.arguments[0] ?? null;
  if (ts.isNewExpression(node) && isModuleUrl(node)) {
    const path = node.arguments?.[0];
    return path && ts.isStringLiteralLike(path) && /\.(ts|js|mjs|cjs|vue)$/.test(path.text) ? path : undefined;
  }
  return undefined;
}

function isImportCall(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
}

function isModuleUrl(node: ts.NewExpression): boolean {
  const base = node.arguments?.[1];
  return ts.isIdentifier(node.expression) && node.expression.text === 'URL' && base !== undefined && isImportMetaUrl(base);
}

function isImportMetaUrl(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node) && node.name.text === 'url' && ts.isMetaProperty(node.expression);
}
