import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { TextPlace, WholeTexts } from '../answer-codec.ts';
import { eventFrame, readEvent } from '../common/read-event.ts';

/**
 * Four kinds of events say a text again that was streamed: at the end of the text, of its part, of its item, of the
 * answer.
 */
export const wholeTexts: WholeTexts = {
  placeOf: (frame) => placeIn(readEvent(frame) ?? {}),
  replace: (frame, textOf) => {
    const event = readEvent(frame);
    const change = event === undefined ? undefined : changes[String(event['type'])];
    if (event === undefined || change === undefined) return frame;
    const changed = change(event, textOf);
    return changed === event ? frame : eventFrame(changed, frame.event);
  },
};

type TextOf = (place: TextPlace) => string | undefined;

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
