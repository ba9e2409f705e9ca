import type * as fc from 'fast-check';

/** Something that takes bytes of strangers. */
export interface Subject<Recipe> {
  readonly name: string;
  /** Recipes are JSON: a found one becomes a file. */
  readonly recipes: fc.Arbitrary<Recipe>;
  /** Settles when the input was taken or refused; rejects when it did harm. */
  run(recipe: Recipe): Promise<void>;
  /** Inputs in the unit tests: a second or so. */
  readonly few: number;
}
