import { BoundedMap } from '../../../kernel/bounds/bounded-map.ts';
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
  readonly #later = new BoundedMap<string, true>(maxKept);
  /** A text of the server without its secrets. */
  readonly clean: (text: string) => string;

  /** `clean` takes out the secrets of others. */
  constructor(launch: Launch, clean: (text: string) => string) {
    this.#given = givenIn(launch);
    const held = (): readonly string[] => [...this.#given, ...[...this.#later].map(([secret]) => secret)];
    const remove = createSecretRemover({ held, shapes: false });
    this.clean = (text) => remove(clean(text));
  }

  /** Hears of the headers that it is called with. */
  readonly note = (headers: Readonly<Record<string, string>>): void => {
    for (const secret of valuesIn(headers)) this.#later.set(secret, true);
  };
}

function givenIn(launch: Launch): readonly string[] {
  if (launch.kind === 'stdio') return Object.values(launch.given);
  const { headers, oauth } = launch;
  const { clientSecret, privateKey } = oauth ?? {};
  return [...valuesIn(headers), ...[clientSecret, privateKey].filter((text) => text !== undefined)];
}

/** A credential is also known without the word before it. */
function valuesIn(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.values(headers).flatMap((value) => [value, value.replace(/^\w+ +/, '')]);
}
