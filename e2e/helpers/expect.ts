import { expect as base } from '@playwright/test';

/** Looks often: Playwright's own steps grow to a second, which half of all waits would lose half of. */
const LOOKS = [50, 100, 200];
export const expect = new Proxy(base, {
  get: (own, name) => (name === 'poll' ? poll : (Reflect.get(own, name) as unknown)),
});

const poll: typeof base.poll = (actual, options) =>
  base.poll(actual, { intervals: LOOKS, ...(typeof options === 'string' ? { message: options } : options) });
