import type { ErrorCode, ErrorData, Facts } from '../../src-preload/contract/index.ts';

/** A failed call. Its message is in `format`. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly code: ErrorCode;
  readonly facts: Facts;

  constructor(error: ErrorData) {
    super(`${error.code} ${JSON.stringify(error.facts)}`);
    this.code = error.code;
    this.facts = error.facts;
  }

  get data(): ErrorData {
    return { code: this.code, facts: this.facts };
  }
}
