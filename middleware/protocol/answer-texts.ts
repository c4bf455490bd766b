import type { Api } from '../kernel/exchange.ts';
import { isJsonObject, type JsonObject } from '../kernel/json-object.ts';
import type { SseFrame } from '../kernel/sse-frame.ts';
import { frameBytes, parseFrame } from './sse/sse-frame.ts';

/** Where a text stands in an answer of the Responses API. */
export interface TextPlace {
  /** The id of its item; some servers give it another one at the end. */
  readonly item: string;
  /** The place of its item in the answer. */
  readonly output: number;
  /** Its place in the item. */
  readonly part: number;
}

/** The place of the text that a frame of the Responses API is a piece of. */
export function textPlaceOf(frame: SseFrame): TextPlace | undefined {
  return placeIn(parse(frame.data) ?? {});
}

/**
 * A frame of the Responses API that says a whole text again, with the texts that are given for it; the same frame where it says
 * none of them.
 */
export function withWholeTexts(frame: SseFrame, textOf: (place: TextPlace) => string | undefined): SseFrame {
  const event = parse(frame.data);
  const change = event === undefined ? undefined : changes[String(event['type'])];
  if (event === undefined || change === undefined) return frame;
  const changed = change(event, textOf);
  return changed === event ? frame : parseFrame(frameBytes(JSON.stringify(changed), frame.event));
}

type TextOf = Parameters<typeof withWholeTexts>[1];

const changes: Readonly<Record<string, (event: JsonObject, textOf: TextOf) => JsonObject>> = {
  'response.output_text.done': (event, textOf) => {
    const text = textAtPlace(event, textOf);
    return text === undefined ? event : { ...event, text };
  },
  'response.content_part.done': (event, textOf) => {
    const { part } = event;
    const text = textAtPlace(event, textOf);
    return text === undefined || !isJsonObject(part) ? event : { ...event, part: { ...part, text } };
  },
  'response.output_item.done': (event, textOf) => {
    const { item, output_index: output } = event;
    if (!isJsonObject(item) || typeof output !== 'number') return event;
    const changed = itemWithTexts(item, output, textOf);
    return changed === item ? event : { ...event, item: changed };
  },
  'response.completed': responseWithTexts,
  'response.incomplete': responseWithTexts,
};

function responseWithTexts(event: JsonObject, textOf: TextOf): JsonObject {
  const { response } = event;
  if (!isJsonObject(response) || !Array.isArray(response['output'])) return event;
  const given = response['output'] as unknown[];
  const output = given.map((item, index) => (isJsonObject(item) ? itemWithTexts(item, index, textOf) : item));
  const isSame = output.every((item, index) => item === given[index]);
  return isSame ? event : { ...event, response: { ...response, output } };
}

function itemWithTexts(item: JsonObject, output: number, textOf: TextOf): JsonObject {
  const { id, content, type } = item;
  if (type !== 'message' || !Array.isArray(content)) return item;
  const texts = content.map((_, part) => textOf({ item: String(id), output, part }));
  if (texts.every((text) => text === undefined)) return item;
  return {
    ...item,
    content: (content as unknown[]).map((part, index) => {
      const text = texts[index];
      return text === undefined || !isJsonObject(part) ? part : { ...part, text };
    }),
  };
}

function textAtPlace(event: JsonObject, textOf: TextOf): string | undefined {
  const place = placeIn(event);
  return place === undefined ? undefined : textOf(place);
}

function placeIn({
  item_id: item,
  output_index: output,
  content_index: part,
}: JsonObject): TextPlace | undefined {
  if (typeof item !== 'string' || typeof output !== 'number' || typeof part !== 'number') return undefined;
  return { item, output, part };
}

/** An answer that is no stream, with every text that the user sees replaced. */
export async function replaceTexts(
  api: Api,
  answer: JsonObject,
  replace: (text: string) => Promise<string>,
): Promise<JsonObject> {
  const inParts = (parts: unknown, type: string): Promise<unknown> =>
    mapObjects(parts, async (part) =>
      part['type'] === type && typeof part['text'] === 'string'
        ? { ...part, text: await replace(part['text']) }
        : part,
    );
  switch (api) {
    case 'responses': {
      const output = await mapObjects(answer['output'], async (item) => ({
        ...item,
        ...(item['type'] === 'message' && { content: await inParts(item['content'], 'output_text') }),
      }));
      return { ...answer, output };
    }
    case 'messages':
      return { ...answer, content: await inParts(answer['content'], 'text') };
    case 'chat':
    case 'completions':
      return {
        ...answer,
        choices: await mapObjects(answer['choices'], (choice) => inChoice(choice, replace)),
      };
  }
}

async function inChoice(choice: JsonObject, replace: (text: string) => Promise<string>): Promise<JsonObject> {
  const { text, message } = choice;
  if (typeof text === 'string') return { ...choice, text: await replace(text) };
  if (!isJsonObject(message) || typeof message['content'] !== 'string') return choice;
  return { ...choice, message: { ...message, content: await replace(message['content']) } };
}

/** One after the other: the order of the texts is the order in which they are read. */
async function mapObjects(list: unknown, map: (object: JsonObject) => Promise<JsonObject>): Promise<unknown> {
  if (!Array.isArray(list)) return list;
  const mapped: unknown[] = [];
  for (const one of list as unknown[]) mapped.push(isJsonObject(one) ? await map(one) : one);
  return mapped;
}

function parse(data: string | undefined): JsonObject | undefined {
  if (data === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(data);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // `[DONE]`, or garbage of the upstream: it goes on as it came.
    return undefined;
  }
}
