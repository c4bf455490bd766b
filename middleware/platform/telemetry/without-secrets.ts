import { withoutUnseen } from '../../kernel/visible-text.ts';
import { redact } from './redact.ts';

interface SecretOptions {
  /** Exact values, as of now. */
  readonly held: () => readonly (string | undefined)[];
  /** Whether what only looks like a secret goes as well. */
  readonly shapes: boolean;
}

/** A shorter one would be found in the midst of words. */
const minLength = 8;

/**
 * Makes what takes secrets out of texts: those that we hold ourselves, wherever they stand. What is not seen in a text goes
 * where a secret hides behind it: left out later, it would leave the secret whole.
 */
export function createSecretRemover(options: SecretOptions): (text: string) => string {
  const remove = createSeenRemover(options);
  return (text) => {
    const clean = remove(text);
    const seen = withoutUnseen(text);
    if (seen === text) return clean;
    const cleanSeen = remove(seen);
    return cleanSeen === withoutUnseen(clean) ? clean : cleanSeen;
  };
}

function createSeenRemover({ held, shapes }: SecretOptions): (text: string) => string {
  return (text) => {
    const found = held().filter(
      (secret): secret is string =>
        secret !== undefined && secret.length >= minLength && text.includes(secret),
    );
    const clean = found
      .sort(longestFirst)
      .reduce((left, secret) => left.replaceAll(secret, '[redacted:key]'), text);
    return shapes ? redact(clean) : clean;
  };
}

/** One may be a part of another, whose rest would stay. */
function longestFirst(one: string, other: string): number {
  return other.length - one.length;
}
