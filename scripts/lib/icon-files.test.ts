import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { icnsFile, icoFile } from './icon-files.ts';
import { inRoot } from './paths.ts';

const pictures = new Map([16, 256, 512].map((size) => [size, Buffer.from(`picture of ${size}`)]));

test('given pictures, when packed for Windows, then each entry points at its picture and larger ones are left out', () => {
  const file = icoFile(pictures);
  expect([file.readUInt16LE(2), file.readUInt16LE(4)]).toEqual([1, 2]);
  for (const [at, size] of [16, 256].entries()) {
    const entry = 6 + 16 * at;
    expect(file.readUInt8(entry)).toBe(size % 256);
    const from = file.readUInt32LE(entry + 12);
    expect(file.subarray(from, from + file.readUInt32LE(entry + 8)).toString()).toBe(`picture of ${size}`);
  }
});

test('given pictures, when packed for macOS, then lengths add up to the file', () => {
  const file = icnsFile(pictures);
  expect(file.readUInt32BE(4)).toBe(file.length);
  const types: string[] = [];
  for (let at = 8; at < file.length; at += file.readUInt32BE(at + 4)) types.push(file.toString('latin1', at, at + 4));
  expect(types).toEqual(['icp4', 'ic08', 'ic13', 'ic09', 'ic14']);
});

test('given the icons of this repository, when looked at, then they are what their names say', () => {
  const start = (name: string, bytes: number): string => readFileSync(inRoot('resources', 'icons', name)).toString('latin1', 0, bytes);
  expect(start('heapscope.icns', 4)).toBe('icns');
  expect(start('heapscope.ico', 4)).toBe('\0\0\x01\0');
  expect(start('heapscope.png', 4)).toBe('\x89PNG');
});
