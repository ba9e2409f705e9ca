import { toDisplayString } from 'vue';
import { visible } from '../../src-preload/contract/index.ts';

/** What stands between double braces in every template; `scripts/lib/visible-text.ts` puts it there. */
export function display(value: unknown): string {
  return visible(toDisplayString(value));
}
