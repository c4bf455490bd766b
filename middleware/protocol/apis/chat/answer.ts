import { isJsonObject, parseJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { AnswerCodec, FrameWatch, ReplaceText } from '../answer-codec.ts';
import { mapObjects } from '../common/map-objects.ts';
import { openaiUsage, usageAt } from '../common/usage-counts.ts';
import { chatTextIn } from './text-in.ts';

const end = /^data: ?(?:\[DONE\]|\{ ?"error")/m;
const failure = /^data: ?\{ ?"error"/m;
const usageName = Buffer.from('"usage"');
// Some providers say in every chunk that there is none.
const usage = /"usage" ?: ?\{/;

const watch: FrameWatch = {
  isOpening: () => false,
  isTerminal: (prefix) => end.test(prefix),
  isFailure: (prefix) => failure.test(prefix),
  hasUsage: (_prefix, raw) => raw.includes(usageName) && usage.test(raw.toString('latin1')),
  // Some providers close a stream after the chunk with the finish reason, or its usage, without `[DONE]`.
  mayEndAfter: (data) => /"finish_reason" ?: ?"|"usage" ?: ?\{/.test(data),
};

export const chatAnswerCodec: AnswerCodec = {
  textHint: Buffer.from('"content"'),
  textIn: chatTextIn,
  wholeTexts: undefined,
  replaceTexts: async (answer, replace) => ({
    ...answer,
    choices: await mapObjects(answer['choices'], (choice) => inChoice(choice, replace)),
  }),
  watch,
  isSilent,
  usageIn: (event) => usageAt(event),
  joinUsage: (_before, now) => now,
  countUsage: (counts) => openaiUsage(counts, 'prompt', 'completion'),
};

const longestSilence = 2048;

function isSilent(data: string): boolean {
  const said = data.trim();
  if (said === '' || said === '[DONE]') return true;
  if (said.length > longestSilence) return false;
  const { choices, usage: told, error } = parseJsonObject(said) ?? {};
  return Array.isArray(choices) && isNothing(told) && isNothing(error) && choices.every(isSilentChoice);
}

/** Of the legacy API a choice has its text where others have a delta. */
function isSilentChoice(choice: unknown): boolean {
  if (!isJsonObject(choice)) return false;
  const { text, delta, finish_reason: end } = choice;
  const said = isJsonObject(delta) ? Object.entries(delta).filter(([name]) => name !== 'role') : [];
  return [text, end, ...said.map(([, value]) => value)].every(isNothing);
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

/** A choice of the legacy API has its text without a message around it. */
async function inChoice(choice: JsonObject, replace: ReplaceText): Promise<JsonObject> {
  const { text, message } = choice;
  if (typeof text === 'string') return { ...choice, text: await replace(text) };
  if (!isJsonObject(message) || typeof message['content'] !== 'string') return choice;
  return { ...choice, message: { ...message, content: await replace(message['content']) } };
}
