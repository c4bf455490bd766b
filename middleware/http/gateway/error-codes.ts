import type { RequestId } from '@modelcontextprotocol/server';

/** The codes of errors that the SDK has another one for: it writes the newer protocol's code for both. */
export class ErrorCodes {
  readonly #codes = new Map<RequestId, number>();

  /** The request gets an error of this code, whatever the SDK writes. */
  note(id: RequestId, code: number): void {
    this.#codes.set(id, code);
  }

  /** `undefined`: what the SDK writes. */
  of(id: RequestId): number | undefined {
    return this.#codes.get(id);
  }

  end(id: RequestId): void {
    this.#codes.delete(id);
  }
}
