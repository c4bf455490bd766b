import { isJsonObject, objectIn, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectAt, objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { faultsOfEnforced, faultsOfInputSchema, lostMembers } from './schema-rules.ts';
import { unknownMembers } from './unknown-members.ts';

/** What of Anthropic's model a request is checked for. */
export interface StrictClaude {
  readonly thinksAdaptively: boolean;
  readonly takesSystemTurns: boolean;
  /** Whether a thinking block with this signature was given by the model. */
  readonly isSigned: (block: JsonObject) => boolean;
}

const topMembers = [
  ...['model', 'max_tokens', 'system', 'messages', 'tools', 'tool_choice', 'thinking', 'output_config'],
  ...[
    'temperature',
    'top_p',
    'top_k',
    'stop_sequences',
    'stream',
    'metadata',
    'cache_control',
    'service_tier',
    'context_management',
  ],
];
const blockMembers: Readonly<Record<string, readonly string[]>> = {
  text: ['type', 'text', 'cache_control', 'citations'],
  image: ['type', 'source', 'cache_control'],
  document: ['type', 'source', 'title', 'context', 'citations', 'cache_control'],
  thinking: ['type', 'thinking', 'signature'],
  redacted_thinking: ['type', 'data'],
  tool_use: ['type', 'id', 'name', 'input', 'cache_control'],
  tool_result: ['type', 'tool_use_id', 'content', 'is_error', 'cache_control'],
};
const pictureTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

/**
 * What Anthropic's API would refuse of a request. Sources: "Messages", "Extended thinking", "Prompt caching" and "Tool
 * use" of its documentation, and its error messages as issues quote them: unknown members ("Extra inputs are not
 * permitted"), `tool_use` without `tool_result` in the next message and the other way round, results not first, ids
 * twice, empty texts, more than four cache marks, prefill, thinking that its turn does not begin with, or that a message
 * ends with, or that the last one has while nothing is to be thought. "Context editing" has `context_management`, "Tool search tool"
 * `defer_loading` and its error where all tools have it, "Messages" the text that stands for a single block of text.
 */
export function faultsOfMessages(body: JsonObject, model: StrictClaude): readonly string[] {
  const messages = objectsIn(body['messages']);
  return [
    ...unknownMembers(body, topMembers, 'the request'),
    ...(typeof body['max_tokens'] === 'number' && body['max_tokens'] > 0
      ? []
      : ['max_tokens: Field required']),
    ...objectsIn(body['system']).flatMap((block, index) => faultsOfBlock(block, `system.${index}`, model)),
    ...faultsOfTurns(messages),
    ...faultsOfSystemTurns(messages, model),
    ...messages.flatMap((message, index) => faultsOfMessage(message, `messages.${index}`, model)),
    ...faultsOfPairs(messages),
    ...faultsOfTools(body),
    ...faultsOfMarks(body),
    ...faultsOfThinking(body, messages, model),
    ...faultsOfFormat(body),
    ...faultsOfOptions(body, model),
  ];
}

function faultsOfTurns(messages: readonly JsonObject[]): readonly string[] {
  const roles = messages.map(({ role }) => role);
  const faults = roles.flatMap((role, index) =>
    index > 0 && role === roles[index - 1] ? [`messages.${index}: roles must alternate`] : [],
  );
  if (roles.length === 0) faults.push('messages: at least one message is required');
  if (roles[0] !== undefined && roles[0] !== 'user')
    faults.push('messages: first message must use the user role');
  if (roles.at(-1) === 'assistant')
    faults.push(
      'This model does not support assistant message prefill. The conversation must end with a user message.',
    );
  return faults;
}

/**
 * Source: Anthropic API, "Mid-conversation system messages" (Opus 4.8 and later): not first, right behind the user, last or before the
 * model, text alone; and the errors "role 'system' is not supported on this model", "use the top-level 'system' parameter".
 */
function faultsOfSystemTurns(
  messages: readonly JsonObject[],
  { takesSystemTurns }: StrictClaude,
): readonly string[] {
  return messages.flatMap((message, index) => {
    if (message['role'] !== 'system') return [];
    if (!takesSystemTurns) return ["role 'system' is not supported on this model"];
    const before = messages[index - 1]?.['role'];
    const after = messages[index + 1]?.['role'] ?? 'assistant';
    if (before === undefined)
      return [`messages.${index}: use the top-level 'system' parameter for the initial system prompt`];
    return [
      ...(before === 'user' && after === 'assistant' ? [] : [`messages.${index}: misplaced system message`]),
      ...(blocksOf(message).every(({ type }) => type === 'text')
        ? []
        : [`messages.${index}: a system message takes text alone`]),
    ];
  });
}

function faultsOfMessage(message: JsonObject, at: string, model: StrictClaude): readonly string[] {
  const blocks = blocksOf(message);
  const firstOther = blocks.findIndex(({ type }) => type !== 'tool_result');
  const isLate = blocks.some(
    ({ type }, index) => type === 'tool_result' && firstOther >= 0 && index > firstOther,
  );
  return [
    ...unknownMembers(message, ['role', 'content'], at),
    ...(blocks.length === 0 ? [`${at}: content must not be empty`] : []),
    ...(message['role'] === 'assistant' && isThought(blocks.at(-1))
      ? [`${at}: The final block in an assistant message cannot be \`thinking\`.`]
      : []),
    ...(isLate ? [`${at}: tool_result blocks must come first`] : []),
    ...blocks.flatMap((block, index) => faultsOfBlock(block, `${at}.content.${index}`, model)),
  ];
}

function blocksOf({ content }: JsonObject): readonly JsonObject[] {
  return typeof content === 'string' && content !== ''
    ? [{ type: 'text', text: content }]
    : objectsIn(content);
}

function faultsOfBlock(block: JsonObject, at: string, model: StrictClaude): readonly string[] {
  const type = String(block['type']);
  const members = blockMembers[type];
  if (members === undefined) return [`${at}: unknown type ${type}`];
  const faults = [...unknownMembers(block, members, at), ...faultsOfId(block, at)];
  if (type === 'text' && String(block['text']).trim() === '')
    faults.push(`${at}: text content blocks must be non-empty`);
  if (type === 'tool_use' && !isJsonObject(block['input']))
    faults.push(`${at}: input should be a dictionary`);
  if (isThought(block) && !model.isSigned(block))
    faults.push(`${at}: Invalid \`signature\` in \`thinking\` block`);
  if (type === 'image') faults.push(...faultsOfPicture(block['source'], at));
  const inner = type === 'tool_result' ? objectsIn(block['content']) : [];
  return [...faults, ...inner.flatMap((part, index) => faultsOfBlock(part, `${at}.content.${index}`, model))];
}

function faultsOfId({ id, tool_use_id: callId }: JsonObject, at: string): readonly string[] {
  return [id, callId]
    .filter((each) => typeof each === 'string' && !/^[a-zA-Z0-9_-]+$/.test(each))
    .map(() => `${at}.id: String should match pattern '^[a-zA-Z0-9_-]+$'`);
}

function faultsOfPicture(source: unknown, at: string): readonly string[] {
  if (!isJsonObject(source)) return [`${at}: source is required`];
  if (source['type'] !== 'base64') return [];
  return pictureTypes.includes(String(source['media_type'])) ? [] : [`${at}: unsupported media type`];
}

function idsOf(message: JsonObject | undefined, type: string, key: string): readonly string[] {
  return objectsIn(message?.['content']).flatMap((block) =>
    block['type'] === type ? [String(block[key])] : [],
  );
}

function faultsOfPairs(messages: readonly JsonObject[]): readonly string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  messages.forEach((message, index) => {
    const calls = idsOf(message, 'tool_use', 'id');
    const results = idsOf(messages[index + 1], 'tool_result', 'tool_use_id');
    for (const id of calls) {
      if (seen.has(id)) faults.push('messages: `tool_use` ids must be unique');
      seen.add(id);
      if (!results.includes(id))
        faults.push(`messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks`);
    }
    const answered = idsOf(message, 'tool_result', 'tool_use_id');
    const asked = idsOf(messages[index - 1], 'tool_use', 'id');
    if (new Set(answered).size !== answered.length)
      faults.push(`messages.${index}: each tool_use must have a single result`);
    for (const id of answered)
      if (!asked.includes(id))
        faults.push(`messages.${index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks`);
  });
  return faults;
}

function faultsOfTools(body: JsonObject): readonly string[] {
  const tools = objectsIn(body['tools']);
  const names = tools.map(({ name }) => String(name));
  return [
    ...tools.flatMap((tool, index) =>
      unknownMembers(
        tool,
        ['name', 'description', 'input_schema', 'cache_control', 'type', 'strict', 'defer_loading'],
        `tools.${index}`,
      ),
    ),
    ...names
      .filter((name) => !/^[\w-]{1,128}$/.test(name))
      .map((name) => `tools: the name ${name} is not taken`),
    ...(tools.length > 0 && tools.every((tool) => tool['defer_loading'] === true)
      ? ['At least one tool must have defer_loading=false.']
      : []),
    ...faultsOfChoice(body, names),
    ...(new Set(names).size === names.length ? [] : ['tools: Tool names must be unique.']),
    ...tools.flatMap(({ name, input_schema: schema, description }, index) => [
      ...faultsOfInputSchema(schema, `tools.${index}.input_schema`),
      ...lostMembers(name, schema, description),
    ]),
  ];
}

function faultsOfChoice({ tool_choice: choice }: JsonObject, names: readonly string[]): readonly string[] {
  if (!isJsonObject(choice) || choice['type'] !== 'tool') return [];
  return names.includes(String(choice['name'])) ? [] : ['tool_choice: the tool was not found in `tools`'];
}

function faultsOfMarks(body: JsonObject): readonly string[] {
  const count = JSON.stringify(body).split('"cache_control"').length - 1;
  return count > 4 ? [`A maximum of 4 blocks with cache_control may be provided. Found ${count}.`] : [];
}

function faultsOfThinking(
  body: JsonObject,
  messages: readonly JsonObject[],
  { thinksAdaptively }: StrictClaude,
): readonly string[] {
  const thinking = isJsonObject(body['thinking']) ? body['thinking'] : { type: 'disabled' };
  const faults: string[] = [];
  if (thinking['type'] === 'adaptive' && !thinksAdaptively)
    faults.push('thinking.type: adaptive is not supported');
  if (thinking['type'] === 'disabled' && !thinksAdaptively) faults.push(...faultsOfUnthought(messages));
  if (thinking['type'] !== 'enabled') return faults;
  if (thinksAdaptively) faults.push('thinking.type: enabled is not supported on this model');
  return [...faults, ...faultsOfBudget(body, Number(thinking['budget_tokens'])), ...faultsOfLoop(messages)];
}

/** Of models that think only where they are asked to. */
function faultsOfUnthought(messages: readonly JsonObject[]): readonly string[] {
  const last = messages.findLast(({ role }) => role === 'assistant');
  return objectsIn(last?.['content']).some(isThought)
    ? ['When thinking is disabled, an `assistant` message in the final position cannot contain `thinking`.']
    : [];
}

function faultsOfBudget(body: JsonObject, budget: number): readonly string[] {
  const faults: string[] = [];
  if (!(budget >= 1024)) faults.push('thinking.budget_tokens: Input should be greater than or equal to 1024');
  if (!(Number(body['max_tokens']) > budget))
    faults.push('`max_tokens` must be greater than `thinking.budget_tokens`');
  if (body['temperature'] !== undefined && body['temperature'] !== 1)
    faults.push('`temperature` may only be set to 1');
  const choice = isJsonObject(body['tool_choice']) ? body['tool_choice']['type'] : 'auto';
  if (choice === 'any' || choice === 'tool')
    faults.push('Thinking may not be enabled when tool_choice forces tool use.');
  return faults;
}

function faultsOfLoop(messages: readonly JsonObject[]): readonly string[] {
  return isRunningTurnThought(messages)
    ? []
    : ['Expected `thinking` or `redacted_thinking`, but found `tool_use`.'];
}

/** All messages of a tool loop are one turn, which has to begin with thoughts. */
function isRunningTurnThought(messages: readonly JsonObject[]): boolean {
  const hasResults = ({ content }: JsonObject): boolean =>
    objectsIn(content).some(({ type }) => type === 'tool_result');
  const turns = messages.filter(({ role }) => role !== 'system');
  const said = turns.findLastIndex((message) => message['role'] === 'user' && !hasResults(message));
  const [first] = blocksOf(turns[said + 1] ?? {});
  return first === undefined || isThought(first);
}

function isThought(block: JsonObject | undefined): boolean {
  return block?.['type'] === 'thinking' || block?.['type'] === 'redacted_thinking';
}

function faultsOfFormat(body: JsonObject): readonly string[] {
  const { format } = objectAt(body, 'output_config');
  return format === undefined
    ? []
    : faultsOfEnforced(objectIn(format)['schema'], 'output_config.format.schema');
}

/** Source: Anthropic API, "Effort", and its error on models before it; "stop_sequences: each stop sequence must contain non-whitespace". */
function faultsOfOptions(body: JsonObject, { thinksAdaptively }: StrictClaude): readonly string[] {
  const { stop_sequences: stops } = body;
  const isEmpty = (stop: unknown): boolean => String(stop).trim() === '';
  return [
    ...(!thinksAdaptively && 'effort' in objectAt(body, 'output_config')
      ? ['This model does not support the effort parameter.']
      : []),
    ...(Array.isArray(stops) && stops.some(isEmpty)
      ? ['stop_sequences: each stop sequence must contain non-whitespace']
      : []),
  ];
}
