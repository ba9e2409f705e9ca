import { toDisplayString } from 'vue';
import { visible } from '../../src-preload/contract/index.ts';

/** Makes the value of a readable attribute visible text (`title`, `aria-label`, …). Inserted by the same file. */
export function displayValue(value: unknown): unknown {
  return typeof value === 'string' ? visible(value) : value;
}

/** Wraps everything between double braces in every template; `scripts/lib/visible-text.ts` inserts it. */
export function display(value: unknown): string {
  return visible(toDisplayString(value));
}
