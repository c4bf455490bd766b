/** One package of a lock. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** As it is declared, an SPDX expression at best; `undefined` where nothing is. */
  readonly licence: string | undefined;
}
