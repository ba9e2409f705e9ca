import type { HeapQuery } from '../engine/faces/heap.ts';
import type { Call, Calls } from './calls.ts';

/** Calls that go to the analysis unchanged, by the form of their arguments. */
export function questions<Methods>(forms: { [M in keyof Methods & HeapQuery]: Call<M>['args'] }): Calls<Methods> {
  const calls = Object.entries(forms).map(([method, args]) => [method, ask(method as HeapQuery, args as Call<HeapQuery>['args'])]);
  return Object.fromEntries(calls) as Calls<Methods>;
}

function ask<M extends HeapQuery>(method: M, args: Call<M>['args']): Call<M> {
  return { args, answer: ({ engine }, question, context) => engine.heap.query(method, question, context) };
}
