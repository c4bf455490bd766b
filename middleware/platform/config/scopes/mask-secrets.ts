import { isJsonObject } from '../../../kernel/json-object.ts';
import { redact } from '../../telemetry/redact.ts';

const masked = '[redacted]';

/**
 * A configured value as it may be shown: whole values go where their name says that they are secret (variables, flags of a
 * command, parts of a URL) or where secrets are usual (headers); in all other texts what looks like a secret goes.
 */
export function maskSecrets(name: string, value: unknown): unknown {
  if (typeof value === 'string') {
    if (looksSecret(name) && !isReference(value)) return masked;
    return redact(withoutQuerySecrets(name === 'command' ? withoutFlagSecrets(value) : value));
  }
  if (Array.isArray(value)) return maskList(name, value);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      name === 'headers' && typeof entry === 'string' && !isReference(entry)
        ? masked
        : maskSecrets(key, entry),
    ]),
  );
}

/** `--api-key KEY` and `--api-key=KEY`. */
function maskList(name: string, list: readonly unknown[]): readonly unknown[] {
  return list.map((entry, index) => {
    const before = list[index - 1];
    if (typeof before === 'string' && /^-[^=]*$/.test(before) && looksSecret(before)) {
      return maskSecrets(before, entry);
    }
    const flag =
      typeof entry === 'string' ? /^(?<name>-[^=]*=)(?<value>.*)$/s.exec(entry)?.groups : undefined;
    const { name: set = '', value = '' } = flag ?? {};
    if (looksSecret(set)) return `${set}${isReference(value) ? value : masked}`;
    return maskSecrets(name, entry);
  });
}

const secretWords = new Set([
  'auth',
  'authorization',
  'cookie',
  'credential',
  'credentials',
  'dsn',
  'key',
  'pass',
  'passphrase',
  'pat',
  'pwd',
  'signature',
]);
const secretEndings = /(?:apikey|password|passwd|secret|token)$/;

/** By the words of the name: `GITHUB_TOKEN`, `apiKey` and `--db-password`, but not `MAX_OUTPUT_TOKENS` or `KEYBOARD`. */
function looksSecret(name: string): boolean {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/);
  return words.some((word) => secretWords.has(word) || secretEndings.test(word));
}

/** `Bearer ${TOKEN}` tells where the secret is and not what it is. */
function isReference(value: string): boolean {
  return /^(?:(?:bearer|basic) +)?\$\{[A-Za-z_]\w*\}$/i.test(value);
}

function withoutQuerySecrets(text: string): string {
  return text.replaceAll(/([?&])([^=&#\s]{1,200})=([^&#\s]*)/g, (written, separator: string, name: string) =>
    looksSecret(name) ? `${separator}${name}=${masked}` : written,
  );
}

/** In a command that is written as one line. */
function withoutFlagSecrets(line: string): string {
  const words = /(?:"[^"]*"|'[^']*'|\S)+/g;
  const masks = maskList('', line.match(words) ?? []).map(String);
  let at = -1;
  return line.replaceAll(words, (word) => masks[(at += 1)] ?? word);
}
