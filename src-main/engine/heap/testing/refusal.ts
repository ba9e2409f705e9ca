import { HeapscopeError } from '../../base/errors.ts';

/** The error that an act is refused with; null: it is not. Any other error is thrown. */
export function refusalOf(act: () => unknown): HeapscopeError | null {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof HeapscopeError) return thrown;
    throw thrown;
  }
  return null;
}

/** What a check says against something, by the `refuse` that it is given; null: nothing. */
export function faultBy(check: (refuse: (detail: string) => never) => unknown): string | null {
  try {
    check((detail) => {
      throw new RangeError(detail);
    });
    return null;
  } catch (thrown) {
    if (thrown instanceof RangeError) return thrown.message;
    throw thrown;
  }
}
