import { U32Column, U8Column } from './columns.ts';

/** The columns of `NODE` blocks, in dump order. */
export class NodeColumns {
  readonly address = new U32Column();
  readonly size = new U32Column();
  readonly type = new U32Column();
  readonly refs = new U32Column();
  readonly degree = new U32Column();
  readonly shape = new U32Column();
  readonly site = new U32Column();
  readonly flags = new U8Column();
}
