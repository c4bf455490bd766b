import { CodexPlusError, wrongMember } from '../../../../kernel/errors.ts';
import { isJsonObject, type JsonObject } from '../../../../kernel/json-object.ts';
import type { Entry, ModelRequest, Reasoning, Tool } from '../../../translation/model-request.ts';
import { numberAt } from '../../common/number-at.ts';
import { openaiFormat, openaiToolChoice } from '../../common/openai-options.ts';
import { flagAt, isText, objectAt, objectsIn, textAt } from '../../common/read-event.ts';
import { readItems } from './items/read-items.ts';
import { leftOutTools, readTools } from './items/read-tools.ts';

/** A request of the Responses API as Codex and the SDKs of OpenAI write it. */
export function readResponsesRequest(body: JsonObject): ModelRequest {
  refuseWhatIsKept(body);
  refuseKeptPrompt(body['prompt']);
  const format = objectAt(objectAt(body, 'text'), 'format');
  const items = itemsOf(body['input']);
  const found = items.filter(({ type }) => type === 'additional_tools');
  const isCompaction = items.some(({ type }) => type === 'compaction_trigger');
  return {
    model: textAt(body, 'model'),
    isStreamed: body['stream'] === true,
    entries: [...instructionsOf(body['instructions']), ...readItems(items)],
    tools: [body, ...found].flatMap(({ tools }): readonly Tool[] => readTools(tools)),
    leftOutTools: [body, ...found].flatMap(({ tools: listed }) => leftOutTools(listed)),
    toolChoice: openaiToolChoice(body['tool_choice'], (choice) => choice),
    parallelCalls: flagAt(body, 'parallel_tool_calls'),
    reasoning: readReasoning(body, items),
    // A summary has whatever words the model finds: a form was meant for answers.
    format: isCompaction ? undefined : openaiFormat(format, format),
    maxOutputTokens: numberAt(body, 'max_output_tokens'),
    temperature: numberAt(body, 'temperature'),
    topP: numberAt(body, 'top_p'),
    stops: undefined,
    cacheKey: textAt(body, 'prompt_cache_key') || undefined,
    wantsUsage: true,
  };
}

/** Of these, LiteLLM without a database has none, and the providers of translated calls have no such thing. */
function refuseWhatIsKept(body: JsonObject): void {
  if (isText(body['previous_response_id']))
    throw new CodexPlusError(
      'previous_response_not_found',
      "this model's provider keeps no answers, so that a request cannot go on from previous_response_id; send the whole conversation",
      { param: 'previous_response_id' },
    );
  if (body['conversation'] !== undefined && body['conversation'] !== null)
    throw wrongMember(
      'conversation',
      "this model's provider keeps no conversations; send the whole conversation in `input` instead of `conversation`",
    );
}

/** What is kept at OpenAI under an id. */
function refuseKeptPrompt(prompt: unknown): void {
  if (prompt === undefined || prompt === null) return;
  throw wrongMember(
    'prompt',
    "this model's provider keeps no prompts; send what the prompt says in `instructions` and `input` instead of `prompt`",
  );
}

function itemsOf(input: unknown): readonly JsonObject[] {
  requireItems(input);
  return typeof input === 'string' ? [{ role: 'user', content: input }] : objectsIn(input);
}

/** Throws for an input that says nothing. */
export function requireItems(input: unknown): void {
  if (typeof input === 'string') return;
  if (!Array.isArray(input)) throw wrongMember('input', '`input` has to be a text or a list of items');
  // As OpenAI does: without a word of the user there is nothing to answer to.
  if (input.length === 0)
    throw wrongMember(
      'input',
      'one of `input` or `previous_response_id` must be given; `input` is an empty list',
    );
  const odd = (input as unknown[]).findIndex((item) => !isJsonObject(item));
  if (odd >= 0) throw wrongMember(`input[${odd}]`, `\`input[${odd}]\` has to be an object: an item`);
}

function instructionsOf(instructions: unknown): readonly Entry[] {
  if (isText(instructions)) return [{ kind: 'instructions', texts: [instructions] }];
  return readItems(objectsIn(instructions));
}

/** Codex changes the effort in the midst of a conversation by an item; the last one holds. */
function readReasoning(body: JsonObject, items: readonly JsonObject[]): Reasoning | undefined {
  const updates = items.filter(({ type }) => type === 'configuration_update');
  const said = [body, ...updates].map((holder) => objectAt(holder, 'reasoning'));
  const effort = said.map((reasoning) => textAt(reasoning, 'effort')).findLast((text) => text !== '');
  const summary = said.map((reasoning) => textAt(reasoning, 'summary')).findLast((text) => text !== '');
  if (effort === undefined && summary === undefined) return undefined;
  return { effort, budgetTokens: undefined, isShown: summary !== 'none' };
}
