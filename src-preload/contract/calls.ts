/** No fields. */
export type Empty = Record<never, never>;

/** Progress of a long call. */
export interface Progress {
  /** 0 to 1; null: unknown. */
  done: number | null;
  /** The current step, as a message key of the window. */
  step: string;
}
