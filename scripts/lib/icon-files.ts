/** PNG images by their size in pixels. */
export type Pictures = ReadonlyMap<number, Buffer>;

/** Windows: a directory of images; 256 is written as 0, and nothing is larger. */
export function icoFile(pictures: Pictures): Buffer {
  const chosen = [...pictures].filter(([size]) => size <= 256);
  const head = Buffer.alloc(6 + 16 * chosen.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(chosen.length, 4);
  let offset = head.length;
  chosen.forEach(([size, png], at) => {
    const entry = 6 + 16 * at;
    head.writeUInt8(size % 256, entry);
    head.writeUInt8(size % 256, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(png.length, entry + 8);
    head.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  });
  return Buffer.concat([head, ...chosen.map(([, png]) => png)]);
}

/** Names of macOS's sizes; those with two names are also the double of the half size. */
const ICNS_TYPES: readonly [string, number][] = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic08', 256],
  ['ic13', 256],
  ['ic09', 512],
  ['ic14', 512],
  ['ic10', 1024],
];

/** macOS: a list of chunks, each with its type and its length including the header. */
export function icnsFile(pictures: Pictures): Buffer {
  const chunks = ICNS_TYPES.flatMap(([type, size]) => {
    const png = pictures.get(size);
    return png === undefined ? [] : [Buffer.concat([head(type, png.length + 8), png])];
  });
  const body = Buffer.concat(chunks);
  return Buffer.concat([head('icns', body.length + 8), body]);
}

function head(type: string, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.write(type, 'latin1');
  bytes.writeUInt32BE(length, 4);
  return bytes;
}
