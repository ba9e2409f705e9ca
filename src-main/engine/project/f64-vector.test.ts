import { expect, it } from 'vitest';
import { F64Vector } from './f64-vector.ts';

function vectorOf(...values: number[]): F64Vector {
  const vector = new F64Vector(1);
  for (const value of values) vector.push(value);
  return vector;
}

it('a vector grows by one number or by many, and keeps what it had', () => {
  const vector = vectorOf(1, 2, 3);
  vector.pushAll(Float64Array.of());
  vector.pushAll(Float64Array.from({ length: 100 }, (_, i) => 4 + i));
  vector.push(104);
  expect([vector.length, [...vector.view()]]).toEqual([104, Array.from({ length: 104 }, (_, i) => i + 1)]);
});

it('nothing can be read or set beyond its end, nor before its beginning', () => {
  const vector = vectorOf(1, 2, 3);
  vector.truncate(2);
  vector.set(2, 9);
  vector.set(1, 7);
  expect([0, 1, 2, -1].map((at) => vector.at(at))).toEqual([1, 7, NaN, NaN]);
  expect([[...vector.view(1, 5)], [...vector.view(2)], [...vector.view(0, 1)]]).toEqual([[7], [], [1]]);
});

it('it is cut to what it has at most, and cut numbers do not come back', () => {
  const vector = vectorOf(1, 2, 3);
  vector.truncate(5);
  expect(vector.length).toBe(3);
  vector.truncate(1);
  vector.push(8);
  expect([...vector.view()]).toEqual([1, 8]);
});

it('its first numbers go, all of them at most', () => {
  const vector = vectorOf(1, 2, 3, 4);
  vector.dropFirst(3);
  expect([...vector.view()]).toEqual([4]);
  vector.dropFirst(2);
  expect(vector.length).toBe(0);
  vector.push(5);
  expect([...vector.view()]).toEqual([5]);
});
