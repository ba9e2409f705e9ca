/** No fields. */
export type Empty = Record<never, never>;

/** How far a long call is. */
export interface Progress {
  /** 0 to 1; null: it cannot be told. */
  done: number | null;
  /** What it is at, as a key of the window's wording. */
  step: string;
}
