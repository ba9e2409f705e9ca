import type * as fc from 'fast-check';

/** Code that reads untrusted bytes. */
export interface Subject<Recipe> {
  readonly name: string;
  /** Recipes are JSON, so that a finding can be saved as a file. */
  readonly recipes: fc.Arbitrary<Recipe>;
  /** Settles when the input was accepted or refused; rejects when it did harm. */
  run(recipe: Recipe): Promise<void>;
  /** Inputs per unit test run: about a second. */
  readonly few: number;
}
