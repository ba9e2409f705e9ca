import type { TypeName } from '../../../src-preload/contract/index.ts';

/** Of a type of the interpreter itself, or whose module is not known. */
export function isBuiltin({ module }: TypeName): boolean {
  return module === '' || module === 'builtins';
}

/** Builtins show no module. */
export function typeName(type: TypeName): TypeName {
  return { module: isBuiltin(type) ? '' : type.module, name: type.name };
}

/** `app.models.Session`, `dict`. */
export function qualifiedName(type: TypeName): string {
  return isBuiltin(type) ? type.name : `${type.module}.${type.name}`;
}
