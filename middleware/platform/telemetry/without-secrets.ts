import { redact } from './redact.ts';

interface SecretOptions {
  /** Exact values, as of now. */
  readonly held: () => readonly (string | undefined)[];
  /** Whether what only looks like a secret goes as well. */
  readonly shapes: boolean;
}

/** A shorter one would be found in the midst of words. */
const minLength = 8;

/** Makes what takes secrets out of texts: those that we hold ourselves, wherever they stand. */
export function createSecretRemover({ held, shapes }: SecretOptions): (text: string) => string {
  return (text) => {
    let clean = text;
    for (const secret of held()) {
      if (secret === undefined || secret.length < minLength || !clean.includes(secret)) continue;
      clean = clean.replaceAll(secret, '[redacted:key]');
    }
    return shapes ? redact(clean) : clean;
  };
}
