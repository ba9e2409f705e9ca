import { toDisplayString } from 'vue';
import { visible } from '../../src-preload/contract/index.ts';

/** A value of an attribute that people read (`title`, `aria-label`, …); no text stays what it is. The same file puts it there. */
export function displayValue(value: unknown): unknown {
  return typeof value === 'string' ? visible(value) : value;
}

/** What stands between double braces in every template; `scripts/lib/visible-text.ts` puts it there. */
export function display(value: unknown): string {
  return visible(toDisplayString(value));
}
