/** Why a call is given up whose client closed its connection: an ending of its own, and no failure. */
export class ClientLeft extends Error {
  constructor() {
    super('the client left');
    this.name = 'ClientLeft';
  }
}

/** Whether a failure only says that the client left: ours, or that of a library whose work was given up. */
export function isClientLeft(error: unknown): boolean {
  return error instanceof ClientLeft || (error instanceof Error && error.name === 'AbortError');
}
