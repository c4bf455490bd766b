import { isJsonObject, listIn, objectIn, type JsonObject } from '../../kernel/json-object.ts';

/** What a provider wants back as it gave it: signed thinking, signatures of thoughts, reasoning in plain text. */
export interface Original {
  /** Whose form it is. */
  readonly origin: Origin;
  /** Who made it (`maker` of the model's traits): others refuse what it wants back, also those that have the same API. */
  readonly provider?: string | undefined;
  /** As they stand in the provider's own API, in their order. */
  readonly blocks: readonly JsonObject[];
}

/**
 * `anthropic`: content blocks of the Messages API. `openai-compatible`: members of an assistant message of a chat API.
 * `openai`: reasoning items of the Responses API.
 */
export type Origin = 'anthropic' | 'openai-compatible' | 'openai';

/** Nothing of OpenAI's begins so: theirs are Fernet tokens, `gAAAA…`. */
const sealPrefix = 'codex-plus.1.';
/** Of the prefix: it begins with a rare letter, and is short enough for the search that goes from one such letter to the next. */
const rarePiece = 'x-plus.';

/** Whether JSON may have something of ours in it. Most has not, and a search for the whole prefix takes many times as long. */
export function mayHoldSeal(json: Buffer | string): boolean {
  return json.includes(rarePiece) && json.includes(`"${sealPrefix}`);
}

/** Whether a text is one that we sealed, or that its sender wants to be taken for one. */
export function isSealed(text: string): boolean {
  return text.startsWith(sealPrefix);
}

/** Members of all APIs in which clients keep what its provider alone can read. */
const sealedNames = ['signature', 'data', 'encrypted_content'] as const;

/** Whether what a provider has to read of it is something that we sealed: it can read nothing of that. */
export function holdsSeal(block: JsonObject): boolean {
  return sealedNames.some((name) => isSealedValue(block[name]));
}

/** Whether a member is such a text. */
export function isSealedValue(value: unknown): boolean {
  return typeof value === 'string' && isSealed(value);
}

/**
 * As a text for the `encrypted_content` of a reasoning item, which clients keep and send back as it is: so it
 * survives restarts, resumed sessions and changes of the model without being kept here. It is not secret: the client
 * has seen what is in it, or may.
 */
export function sealOriginal(original: Original): string {
  return sealPrefix + Buffer.from(JSON.stringify(original)).toString('base64url');
}

/**
 * `undefined` for what we did not seal. A client can write a seal itself, so nothing comes out of one but what such
 * originals have: no calls, texts or marks that would be taken for the model's or ours.
 */
export function openOriginal(sealed: unknown): Original | undefined {
  const value = openSealed(sealed);
  if (value === undefined) return undefined;
  const { origin, provider, blocks } = value;
  if (!isOrigin(origin) || !Array.isArray(blocks)) return undefined;
  return {
    origin,
    ...(typeof provider === 'string' ? { provider } : {}),
    blocks: objectsOf(blocks).flatMap(kept[origin]),
  };
}

/**
 * Whether it goes back to who makes the answers of a model, in a form that is theirs. One that does not say who made it is older
 * than that, or came from a client in Anthropic's own form: it is taken for Anthropic's.
 */
export function goesBackTo(
  maker: string | undefined,
  origin: Origin,
  original: Original | undefined,
): original is Original {
  if (maker === undefined || original?.origin !== origin) return false;
  return (original.provider ?? unsaid[origin]) === maker;
}

const unsaid: Readonly<Partial<Record<Origin, string>>> = { anthropic: 'anthropic' };

function isOrigin(origin: unknown): origin is Origin {
  return typeof origin === 'string' && Object.hasOwn(kept, origin);
}

const kept: Readonly<Record<Origin, (block: JsonObject) => readonly JsonObject[]>> = {
  anthropic: signedThought,
  'openai-compatible': ({ message, calls }) => [
    { message: signedMessage(message), calls: signedCalls(calls) },
  ],
  openai: ({ encrypted_content: content }) => (isWord(content) ? [{ encrypted_content: content }] : []),
};

/** A block of thinking as Anthropic gave it, without what others added. One without a signature would be refused. */
export function signedThought({ type, thinking, signature, data }: JsonObject): readonly JsonObject[] {
  if (type === 'redacted_thinking' && isWord(data)) return [{ type, data }];
  if (type !== 'thinking' || !isWord(signature)) return [];
  return [{ type, thinking: typeof thinking === 'string' ? thinking : '', signature }];
}

function signedMessage(message: unknown): JsonObject {
  if (!isJsonObject(message)) return {};
  const { reasoning_content: reasoning, provider_specific_fields: fields } = message;
  const blocks = objectsOf(message['thinking_blocks']).flatMap(signedThought);
  const details = keptDetails(objectsOf(message['reasoning_details']));
  const { thought_signatures: signatures } = objectIn(fields);
  return {
    ...(isWord(reasoning) ? { reasoning_content: reasoning } : {}),
    ...(Array.isArray(signatures) && signatures.every(isWord)
      ? { provider_specific_fields: { thought_signatures: signatures } }
      : {}),
    ...(blocks.length === 0 ? {} : { thinking_blocks: blocks }),
    ...(details.length === 0 ? {} : { reasoning_details: details }),
  };
}

/** Source: OpenRouter, "Preserving reasoning": what an entry of `reasoning_details` has. */
const ofDetails = ['type', 'id', 'format', 'index', 'text', 'summary', 'data', 'signature'] as const;

/** Reasoning as gateways give it, with all that its provider has in it and nothing else. */
export function keptDetails(details: readonly JsonObject[]): readonly JsonObject[] {
  return details
    .filter(({ type }) => typeof type === 'string' && type.startsWith('reasoning.'))
    .map((detail) =>
      Object.fromEntries(
        ofDetails.flatMap((name) => (isPlain(detail[name]) ? [[name, detail[name]] as const] : [])),
      ),
    );
}

function isPlain(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'number';
}

function objectsOf(list: unknown): readonly JsonObject[] {
  return listIn(list).filter(isJsonObject);
}

function signedCalls(calls: unknown): JsonObject {
  const entries = Object.entries(objectIn(calls));
  return Object.fromEntries(
    entries.flatMap(([id, fields]) => {
      const { thought_signature: signature, id: given } = objectIn(fields);
      const own = {
        ...(isWord(given) ? { id: given } : {}),
        ...(isWord(signature) ? { thought_signature: signature } : {}),
      };
      return Object.keys(own).length === 0 ? [] : [[id, own]];
    }),
  );
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** A summary of ours as the `encrypted_content` of a compaction item. */
export function sealSummary(text: string): string {
  return sealPrefix + Buffer.from(JSON.stringify({ summary: text })).toString('base64url');
}

export function openSummary(sealed: unknown): string | undefined {
  const summary = openSealed(sealed)?.['summary'];
  return typeof summary === 'string' ? summary : undefined;
}

function openSealed(sealed: unknown): JsonObject | undefined {
  if (typeof sealed !== 'string' || !isSealed(sealed)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(sealed.slice(sealPrefix.length), 'base64url').toString());
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
