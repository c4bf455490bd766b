import { BoundedMap } from '../../../kernel/bounds/bounded-map.ts';
import { maskSecrets } from '../../../platform/config/scopes/mask-secrets.ts';
import { createSecretRemover } from '../../../platform/telemetry/without-secrets.ts';
import type { Launch } from '../launch.ts';

type Clean = (text: string) => string;

/** A text that a server was given. */
interface Given {
  readonly text: string;
  /** By its name, or by its form: other values, as that of `X-Project`, may be what its results are about. */
  readonly isCredential: boolean;
  readonly isHeader: boolean;
}

/** Of credentials that change; those before are of no use any more. */
const maxKept = 32;

/** What a server is given that others are not to read: it may say it again, and that is told to models and users, and logged. */
export class OwnSecrets {
  readonly #given: readonly Given[];
  readonly #later = new BoundedMap<string, Given>(maxKept);
  /** What is told when the server fails, without anything that it was given. */
  readonly clean: Clean;
  /** What it says is wrong with a request, without its headers and its credentials. */
  readonly cleanFault: Clean;
  /** What it says otherwise, without its credentials. */
  readonly cleanSaid: Clean;

  /** `clean` takes out the secrets of others. */
  constructor(launch: Launch, clean: Clean) {
    this.#given = givenIn(launch);
    const without = (isTakenOut: (given: Given) => boolean): Clean => {
      const held = (): readonly string[] =>
        this.#all()
          .filter(isTakenOut)
          .map(({ text }) => text);
      const remove = createSecretRemover({ held, shapes: false });
      // Most servers are given nothing, and results may be large.
      return (text) => (this.#all().some(isTakenOut) ? remove(clean(text)) : clean(text));
    };
    this.clean = without(() => true);
    this.cleanFault = without(({ isCredential, isHeader }) => isCredential || isHeader);
    this.cleanSaid = without(({ isCredential }) => isCredential);
  }

  /** Hears of the headers that it is called with. */
  readonly note = (headers: Readonly<Record<string, string>>): void => {
    for (const given of headersIn(headers)) this.#later.set(given.text, given);
  };

  #all(): readonly Given[] {
    return [...this.#given, ...[...this.#later].map(([, given]) => given)];
  }
}

function givenIn(launch: Launch): readonly Given[] {
  if (launch.kind === 'stdio')
    return Object.entries(launch.given).map(([name, text]) => ({
      ...{ text, isCredential: isCredential(name, text), isHeader: false },
    }));
  const { headers, oauth } = launch;
  const { clientSecret, privateKey } = oauth ?? {};
  const ofLogin = [clientSecret, privateKey].filter((text) => text !== undefined);
  return [...headersIn(headers), ...ofLogin.map((text) => ({ text, isCredential: true, isHeader: false }))];
}

/** A credential is also known without the word before it. */
function headersIn(headers: Readonly<Record<string, string>>): readonly Given[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    const kind = { isCredential: isCredential(name, value), isHeader: true };
    return [value, value.replace(/^\w+ +/, '')].map((text) => ({ text, ...kind }));
  });
}

function isCredential(name: string, value: string): boolean {
  return maskSecrets(name, value) !== value;
}
