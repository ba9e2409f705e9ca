import { describe, expect, it } from 'vitest';
import { HeapscopeError } from '../base/errors.ts';
import { readHead, writeHead, type Head } from './codec-head.ts';
import { compress } from './planes.ts';
import { faultBy } from './testing/refusal.ts';

const HEAD: Head = {
  version: 1,
  unit: 8,
  lengths: { type: 5, edgeStart: 6 },
  facts: {
    method: 'fork',
    python: '3.13.1',
    platform: 'linux',
    pid: 42,
    time: -1.5,
    collected: true,
    frames: 3,
    freeThreaded: false,
    notes: ['one'],
    emptyStr: 41,
    emptyBytes: 33,
    previews: false,
    objects: 4,
    bytes: 2 ** 40,
    unreachable: 0,
    agentObjects: 7,
    agentBytes: 700,
    missing: 1,
  },
};

const refuse = (detail: string): never => {
  throw new RangeError(detail);
};

const packed = (text: string): Uint8Array => compress(new TextEncoder().encode(text));

/** What is wrong with the head; null: nothing. */
const fault = (data: Uint8Array): string | null => faultBy((refuse) => readHead(data, 1, refuse));
const faultOf = (head: object): string | null => fault(packed(JSON.stringify(head)));
const withFact = (name: string, value: unknown): string | null => faultOf({ ...HEAD, facts: { ...HEAD.facts, [name]: value } });

it('is read as it was written', () => expect(readHead(writeHead(HEAD), 1, refuse)).toEqual(HEAD));

it('of an older file does not say how large empty texts are', () => {
  const { emptyStr, emptyBytes, ...older } = HEAD.facts;
  const head = readHead(packed(JSON.stringify({ ...HEAD, facts: older })), 1, refuse);
  expect([emptyStr, emptyBytes, head.facts.emptyStr, head.facts.emptyBytes]).toEqual([41, 33, 0, 0]);
});

describe('what is no head', () => {
  it.each(['null', '7', '"text"', '[]', '{'])('%s', (text) => expect(fault(packed(text))).toBe('head'));
  it('bytes that are not compressed', () => expect(fault(new TextEncoder().encode(JSON.stringify(HEAD)))).toBe('head'));
  it.each([
    [2 ** 20, null],
    [2 ** 20 + 1, 'head'],
  ])('is longer than 1 MiB: %d bytes', (length, detail) => {
    const text = JSON.stringify(HEAD);
    expect(fault(packed(text + ' '.repeat(length - text.length)))).toBe(detail);
  });
});

describe('the version', () => {
  it('is refused by its number when it is newer', () => {
    const read = (): unknown => readHead(writeHead({ ...HEAD, version: 2 }), 1, refuse);
    expect(read).toThrow(HeapscopeError);
    expect(read).toThrow(expect.objectContaining({ code: 'snapshot.newer', facts: { version: 2, supported: 1 } }));
  });
  it('was never below 1', () => expect(faultOf({ ...HEAD, version: 0 })).toBe('version 0'));
  it.each([undefined, '1', null])('is a number: %s', (version) => expect(faultOf({ ...HEAD, version })).toBe('version'));
});

it('addresses are multiples of 1 or 8', () => {
  expect([0, 1, 2, 4, 8, 16].map((unit) => faultOf({ ...HEAD, unit }))).toEqual([
    'unit of addresses',
    null,
    'unit of addresses',
    'unit of addresses',
    null,
    'unit of addresses',
  ]);
});

describe('lengths', () => {
  const withLength = (length: unknown): string | null => faultOf({ ...HEAD, lengths: { type: length } });
  it.each([-1, 1.5, 2 ** 32])('are no %d', (length) => expect(withLength(length)).toBe('length of type'));
  it.each([0, 2 ** 32 - 1])('may be %d', (length) => expect(withLength(length)).toBeNull());
  it.each([null, '5'])('are numbers: %s', (length) => expect(withLength(length)).toBe('type'));
  it.each([undefined, null, [], 'x'])('are an object: %s', (lengths) => expect(faultOf({ ...HEAD, lengths })).toBe('lengths'));
  it('are not quoted without end', () => {
    const name = 'n'.repeat(99);
    expect(faultOf({ ...HEAD, lengths: { [name]: -1 } })).toBe(`length of ${name.slice(0, 40)}`);
    expect(faultOf({ ...HEAD, lengths: { [name]: null } })).toBe(name.slice(0, 40));
  });
});

describe('facts', () => {
  const kinds = { string: ['python', 'platform'], boolean: ['collected', 'freeThreaded', 'previews'] };
  const counts = ['pid', 'frames', 'objects', 'bytes', 'unreachable', 'agentObjects', 'agentBytes', 'missing'];

  it.each([undefined, null, []])('are an object: %s', (facts) => expect(faultOf({ ...HEAD, facts })).toBe('facts'));
  it.each(kinds.string)('%s is a text', (name) => {
    for (const value of [undefined, 1, null]) expect(withFact(name, value)).toBe(name);
  });
  it.each(kinds.boolean)('%s is true or false', (name) => {
    for (const value of [undefined, 1, null]) expect(withFact(name, value)).toBe(name);
  });
  it.each(['emptyStr', 'emptyBytes'])('%s is one, or not there', (name) => {
    for (const value of ['1', -1, null]) expect(withFact(name, value)).toBe(name);
    expect(withFact(name, undefined)).toBeNull();
  });
  it.each(counts)('%s is a number from 0', (name) => {
    for (const value of [undefined, '1', -1]) expect(withFact(name, value)).toBe(name);
    expect(withFact(name, 0)).toBeNull();
  });
  it('the time is any number', () => {
    expect(withFact('time', null)).toBe('time');
    expect(withFact('time', -5)).toBeNull();
  });
  it.each(['fork', 'in-place', 'python'])('a method is %s', (method) => expect(withFact('method', method)).toBeNull());
  it.each(['census', '', 1])('no method is "%s"', (method) => expect(withFact('method', method)).toBe('method'));
  it('of notes the texts are kept', () => {
    expect(withFact('notes', 'one')).toBe('notes');
    const facts = { ...HEAD.facts, notes: ['one', 2, null, 'two'] };
    expect(readHead(packed(JSON.stringify({ ...HEAD, facts })), 1, refuse).facts.notes).toEqual(['one', 'two']);
  });
});
