import { createSecretRemover } from '../../../platform/telemetry/without-secrets.ts';
import type { Launch } from '../launch.ts';

/** Of credentials that change; those before are of no use any more. */
const maxKept = 32;

/**
 * What a server is given that others are not to read: it may say it again when it fails, and that is told to all who use it,
 * and logged.
 */
export class OwnSecrets {
  readonly #given: readonly string[];
  readonly #later = new Set<string>();
  /** A text of the server without its secrets. */
  readonly clean: (text: string) => string;

  /** `clean` takes out the secrets of others. */
  constructor(launch: Launch, clean: (text: string) => string) {
    this.#given = givenIn(launch);
    const remove = createSecretRemover({ held: () => [...this.#given, ...this.#later], shapes: false });
    this.clean = (text) => remove(clean(text));
  }

  /** Hears of the headers that it is called with. */
  readonly note = (headers: Readonly<Record<string, string>>): void => {
    for (const secret of valuesIn(headers)) {
      this.#later.delete(secret);
      this.#later.add(secret);
      const [oldest] = this.#later;
      if (this.#later.size > maxKept && oldest !== undefined) this.#later.delete(oldest);
    }
  };
}

function givenIn(launch: Launch): readonly string[] {
  if (launch.kind === 'stdio') return longestFirst(Object.values(launch.given));
  const { headers, oauth } = launch;
  const { clientSecret, privateKey } = oauth ?? {};
  return longestFirst([
    ...valuesIn(headers),
    ...[clientSecret, privateKey].filter((text) => text !== undefined),
  ]);
}

/** A credential is also known without the word before it. */
function valuesIn(headers: Readonly<Record<string, string>>): readonly string[] {
  return longestFirst(Object.values(headers).flatMap((value) => [value, value.replace(/^\w+ +/, '')]));
}

/** One may be a part of another. */
function longestFirst(texts: readonly string[]): readonly string[] {
  return texts.toSorted((a, b) => b.length - a.length);
}
