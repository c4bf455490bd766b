import { BoundedMap } from '../../kernel/bounds/bounded-map.ts';

/** Where LiteLLM is reached, and with which key. */
export interface ReachedTarget {
  readonly url: string;
  readonly masterKey: string;
}

interface ReachedTier {
  /** `undefined` while there is none. */
  readonly target: () => ReachedTarget | undefined;
  readonly onChange: (listener: () => void) => void;
}

/** Calls that began at an earlier one are over long before so many others were. */
const maxTargets = 64;

/**
 * Makes what tells all that LiteLLM was reached at and with since the start, as far back as calls may still run: what a process said
 * or left behind comes after it was forgotten, most of all where it was killed.
 */
export function createReachedTargets({ target, onChange }: ReachedTier): () => readonly ReachedTarget[] {
  const reached = new BoundedMap<string, ReachedTarget>(maxTargets);
  const note = (): void => {
    const now = target();
    if (now !== undefined) reached.set(`${now.url} ${now.masterKey}`, now);
  };
  note();
  onChange(note);
  return () => {
    note();
    return [...reached.values()];
  };
}
