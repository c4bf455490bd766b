import { remembered } from '../../kernel/bounds/remembered.ts';
import type { UpstreamSecrets } from '../config/litellm-secrets.ts';
import { redactKeys } from '../telemetry/redact.ts';
import { createSecretRemover } from '../telemetry/without-secrets.ts';
import { createKnownSecrets, type SecretSources } from './known-secrets.ts';
import type { ReachedTarget } from './reached-targets.ts';
import { createAddressRemover } from './without-addresses.ts';

type CleanText = (text: string) => string;

interface WordsOptions {
  readonly known: () => UpstreamSecrets;
  /** The address of LiteLLM that the configuration tells. */
  readonly litellmUrl: string;
  /** Where LiteLLM was reached since the start, and with which keys. */
  readonly reached: () => readonly ReachedTarget[];
}

/**
 * Makes what takes out of an upstream's words what they may not say to a client: what it was called with, and where. What only looks like a
 * key goes as well: LiteLLM has keys that nobody else knows.
 */
export function createWordsCleaner({ known, litellmUrl, reached }: WordsOptions): CleanText {
  const withoutHeld = createKeyRemover(() => [
    ...reached().map(({ masterKey }) => masterKey),
    ...known().keys,
  ]);
  let addresses = { of: '', remove: createAddressRemover([]) };
  return (text) => {
    const { addresses: urls } = known();
    const ours = [...new Set([litellmUrl, ...reached().map(({ url }) => url)])];
    const of = [...ours, ...urls].join('\n');
    if (of !== addresses.of) addresses = { of, remove: addressRemover(ours, urls) };
    return addresses.remove(redactKeys(withoutHeld(text)));
  };
}

/** Makes what takes the keys that upstreams are called with out of lines of a log. */
export function createKnownKeyRemover(sources: SecretSources): CleanText {
  const known = createKnownSecrets(sources);
  return createKeyRemover(() => known().keys);
}

/** Makes what takes keys out of texts, also out of texts that are JSON. */
function createKeyRemover(keys: () => readonly string[]): CleanText {
  return createSecretRemover({ held: () => writtenForms(keys()), shapes: false });
}

/** Asked for every line of the log, nearly always of the same keys. */
const writtenForms = remembered((keys: readonly string[]): readonly string[] =>
  keys.flatMap((key) => [key, JSON.stringify(key).slice(1, -1)]),
);

function addressRemover(ours: readonly string[], urls: readonly string[]): CleanText {
  return createAddressRemover([
    ...ours.map((url) => ({ url, instead: '[address of LiteLLM]' })),
    ...urls.map((url) => ({ url, instead: '[address of the provider]' })),
  ]);
}
