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

  /** Before the first block: so many nodes will probably come. `degree` gets `room` for more. */
  expect(nodes: number, sites: boolean, room: number): void {
    const { address, size, type, refs, degree, shape, site, flags } = this;
    address.expect(nodes * 2);
    for (const column of [size, type, refs, shape, flags]) column.expect(nodes);
    if (sites) site.expect(nodes);
    degree.expect(nodes + room);
  }
}
