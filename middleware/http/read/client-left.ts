/** Why a call is given up whose client closed its connection: an ending of its own, and no failure. */
export class ClientLeft extends Error {
  constructor() {
    super('the client left');
    this.name = 'ClientLeft';
  }
}

/** Whether a failure only says that the client left: ours, or that of a library whose work was given up. */
export function isClientLeft(error: unknown): boolean {
  if (error instanceof ClientLeft) return true;
  // Not by class: errors of Node's core may be of another realm than this code.
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError';
}
