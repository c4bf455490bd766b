/**
 * What looks like a secret, with a name for what it was. Every pattern is linear: no repetition inside a repetition, and
 * what repeats cannot match in two ways. Prefixes are those that the issuers publish for secret scanners.
 */
const patterns: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['private-key', /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g],
  ['jwt', /\beyJ[\w-]{8,}\.[\w-]{2,}(?:\.[\w-]*)?/g],
  ['anthropic-key', /\bsk-ant-[\w-]{8,}/g],
  ['api-key', /\b(?:sk|pk|rk)-[\w-]{16,}/g],
  ['api-key', /\bpk\.[\w-]{20,}/g],
  ['stripe-key', /\b(?:sk|pk|rk)_(?:live|test)_\w{10,}/g],
  ['access-token', /\bat-[\w-]{20,}/g],
  ['aws-key', /\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b/g],
  ['aws-secret', /\baws_?secret_?access_?key["']?\s{0,4}[:=]\s{0,4}["']?[\w/+=]{40}/gi],
  ['github-token', /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,})/g],
  ['gitlab-token', /\bglpat-[\w-]{16,}/g],
  ['slack-token', /\bxox[a-z]-[\w-]{10,}/g],
  ['google-key', /\bAIza[\w-]{30,}/g],
  ['google-token', /\bya29\.[\w-]{20,}/g],
  ['npm-token', /\bnpm_[A-Za-z0-9]{30,}/g],
  ['pypi-token', /\bpypi-[\w-]{20,}/g],
  ['huggingface-token', /\bhf_[A-Za-z0-9]{20,}/g],
  ['azure-key', /\b(?:AccountKey|SharedAccessKey)=[\w/+=]{20,}/g],
  ['credential', /\b(?:bearer|basic) +[\w.~+/=-]{8,}/gi],
  ['password', /\/\/[^\s/:@]{0,200}:[^\s/@]{1,200}@/g],
];

/** Cheap sign that none of the patterns can match: every one of them has one of these. */
const hint =
  /eyJ|[srp]k[-_.]|at-|A(?:KIA|SIA|BIA|CCA)|aws|gh[pousr]_|github_pat|glpat|xox|AIza|ya29|npm_|pypi-|hf_|Key=|bearer|basic|PRIVATE|:\/\//i;

/** Whether a text may have in it what looks like a secret: one that surely has not stays as it is. */
export function mayHoldSecret(text: string): boolean {
  return hint.test(text);
}

/** The text with everything that looks like a secret replaced by `[redacted:<kind>]`. */
export function redact(text: string): string {
  if (!mayHoldSecret(text)) return text;
  let clean = text;
  for (const [kind, pattern] of patterns) clean = clean.replace(pattern, `[redacted:${kind}]`);
  return clean;
}

/** Those that are found in sentences as well: "basic authentication" is no secret. */
const ofSentences = new Set(['credential', 'password', 'access-token']);
const ofKeys = patterns.filter(([kind]) => !ofSentences.has(kind));

/** The same for words that somebody reads: what looks like an issuer's key goes, and nothing that may be a sentence. */
export function redactKeys(text: string): string {
  if (!mayHoldSecret(text)) return text;
  return ofKeys.reduce((clean, [kind, pattern]) => clean.replace(pattern, `[redacted:${kind}]`), text);
}

/** Fields whose value is a secret, or tells about a person, whatever it looks like. */
const secretName =
  /^(?:(?:proxy-)?authorization|(?:set-)?cookie|chatgpt-account-id|x-codex-turn-metadata|x-codex-plus-key|.*(?:api[-_]?key|master[-_]?key|secret|password|passwd|(?:access|refresh|id|auth|bearer)[-_]?token))$/i;

/** Whether a field of that name is masked whole. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

const maxDepth = 6;
/** More entries of an object or a list are left out. */
export const maxEntries = 100;
const maxText = 4_000;

/** Whether `redactValue` leaves a value as it is, if it does not look like a secret. */
export function isPlainValue(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= maxText;
  return typeof value === 'number' || typeof value === 'boolean' || value === undefined || value === null;
}

/** A value for a log line: secrets replaced at any depth, errors spelled out, size bounded, cycles cut. */
export function redactValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string')
    return redact(value.length > maxText ? `${value.slice(0, maxText)}…` : value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value;
  if (depth >= maxDepth) return '[too deep]';
  if (isError(value)) return errorFields(value, depth);
  if (Buffer.isBuffer(value)) return `[${value.length} bytes]`;
  if (Array.isArray(value)) return value.slice(0, maxEntries).map((entry) => redactValue(entry, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, maxEntries)
      .map(([name, entry]) => [name, redactField(name, entry, depth + 1)]),
  );
}

function redactField(name: string, value: unknown, depth: number): unknown {
  return isSecretName(name) && value !== undefined && value !== null
    ? '[redacted]'
    : redactValue(value, depth);
}

/** Not by class alone: errors of Node's core may be of another realm. */
function isError(value: object): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

function errorFields(error: Error, depth: number): Readonly<Record<string, unknown>> {
  return {
    name: error.name,
    message: redactValue(error.message, depth + 1),
    ...('code' in error ? { code: redactValue(error.code, depth + 1) } : {}),
    ...(error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1) }),
  };
}
