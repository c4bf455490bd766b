import type { Api } from '../../kernel/exchange.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { frameBytes, parseFrame } from './sse-frame.ts';

/** A piece of streamed text that the user sees. */
export interface TextDelta {
  /** Which text it belongs to; pieces of one text have the same key. */
  readonly key: string;
  readonly text: string;
  /** The same frame with another text in it. */
  readonly withText: (text: string) => SseFrame;
}

/** The visible text in a frame; `undefined` for every other frame, also for one that says more than a piece of text. */
export function textDeltaOf(api: Api, frame: SseFrame): TextDelta | undefined {
  if (!mayHaveText(api, frame.raw)) return undefined;
  const event = parseEvent(frame.data);
  if (event === undefined) return undefined;
  const found = finders[api](event);
  if (found === undefined) return undefined;
  return {
    key: found.key,
    text: found.text,
    withText: (text) => parseFrame(frameBytes(JSON.stringify(found.replace(text)), frame.event)),
  };
}

interface Found {
  readonly key: string;
  readonly text: string;
  readonly replace: (text: string) => JsonObject;
}

const hints: Readonly<Record<Api, Buffer>> = {
  responses: Buffer.from('output_text.delta'),
  chat: Buffer.from('"content"'),
  completions: Buffer.from('"text"'),
  messages: Buffer.from('text_delta'),
};

/** Most frames of a stream are ruled out by a search in their bytes, without a parse. */
function mayHaveText(api: Api, raw: Buffer): boolean {
  return raw.includes(hints[api]);
}

const finders: Readonly<Record<Api, (event: JsonObject) => Found | undefined>> = {
  responses: (event) => {
    const { type, item_id: item, content_index: part, delta } = event;
    if (type !== 'response.output_text.delta' || typeof delta !== 'string') return undefined;
    return {
      key: `${String(item)} ${String(part)}`,
      text: delta,
      replace: (text) => ({ ...event, delta: text }),
    };
  },
  chat: (event) => {
    const choice = onlyChoice(event);
    const delta = asObject(choice?.['delta']);
    const content = delta?.['content'];
    // The first chunk has the role, the last one the reason: they stay as they are.
    if (choice === undefined || typeof content !== 'string' || !saysOnly(delta, 'content')) return undefined;
    return {
      key: String(choice['index']),
      text: content,
      replace: (text) => ({ ...event, choices: [{ ...choice, delta: { ...delta, content: text } }] }),
    };
  },
  completions: (event) => {
    const choice = onlyChoice(event);
    if (choice === undefined || typeof choice['text'] !== 'string') return undefined;
    return {
      key: String(choice['index']),
      text: choice['text'],
      replace: (text) => ({ ...event, choices: [{ ...choice, text }] }),
    };
  },
  messages: (event) => {
    const delta = asObject(event['delta']);
    if (event['type'] !== 'content_block_delta' || delta?.['type'] !== 'text_delta') return undefined;
    if (typeof delta['text'] !== 'string') return undefined;
    return {
      key: String(event['index']),
      text: delta['text'],
      replace: (text) => ({ ...event, delta: { ...delta, text } }),
    };
  },
};

function onlyChoice(event: JsonObject): JsonObject | undefined {
  const choices = event['choices'];
  if (!Array.isArray(choices) || choices.length !== 1) return undefined;
  const choice = asObject(choices[0]);
  const reason = choice?.['finish_reason'];
  return reason === undefined || reason === null ? choice : undefined;
}

/** Whether no other member of the object says anything. */
function saysOnly(delta: JsonObject | undefined, key: string): boolean {
  return Object.entries(delta ?? {}).every(([name, value]) => name === key || value === null);
}

function parseEvent(data: string | undefined): JsonObject | undefined {
  if (data === undefined) return undefined;
  try {
    return asObject(JSON.parse(data));
  } catch {
    // `[DONE]`, or garbage of the upstream: it goes on as it came.
    return undefined;
  }
}

function asObject(value: unknown): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}
