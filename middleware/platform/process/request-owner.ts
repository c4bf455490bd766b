import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** A request that runs, as the handlers of last resort see it. */
export interface RequestOwner {
  readonly id: string;
  /** Ends it with an error, and nothing else. */
  readonly end: (fault: unknown) => void;
}

/** Costs a call 0.7 µs in Node 24; before it, where every promise would pay for it, nobody is named. */
const canTell = Number(process.versions.node.split('.')[0]) >= 24;

const owners = new AsyncLocalStorage<RequestOwner | undefined>();

/** Runs a request, so that whatever it sets in motion can be given back to it. */
export function runOwned<T>(owner: RequestOwner, work: () => T): T {
  return canTell ? owners.run(owner, work) : work();
}

/** Whose code is running, in a handler of last resort: whose code has failed. `undefined` where that cannot be told. */
export function currentOwner(): RequestOwner | undefined {
  return owners.getStore();
}

/** The id of the request whose code is running, so that all that is said of it has the same; a new one where it has none. */
export function currentRequestId(): string {
  return owners.getStore()?.id ?? randomUUID();
}

/**
 * Runs work that outlives the request in which it happens to begin, connections that others will use as well for
 * example: what fails in it must not end that one.
 */
export function runUnowned<T>(work: () => T): T {
  return owners.getStore() === undefined ? work() : owners.run(undefined, work);
}

/** The same function, which runs for the request that is running now, whoever calls it later. */
export function ofThisRequest<T extends (...args: never[]) => unknown>(work: T): T {
  return canTell ? AsyncLocalStorage.bind(work) : work;
}
