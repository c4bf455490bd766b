import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { codecOf } from '../apis/codec-of.ts';
import { codexApi } from '../apis/codex-api.ts';
import { withoutAbsent } from '../json/without-absent.ts';
import { offeredFunctions, type OfferedFunction } from '../translation/as-function.ts';
import { jsonInstructions } from '../translation/json-instructions.ts';
import type { ModelRequest } from '../translation/model-request.ts';
import type { ModelTraits } from '../translation/model-traits.ts';
import { nearestEffort } from '../translation/nearest-effort.ts';
import { askedEffort } from '../translation/thinking-budgets.ts';
import type { ToolNames } from '../translation/tool-names.ts';
import { refuseDeep } from './line-depth.ts';

/** One turn of Codex, as `codex app-server` takes it (measured with Codex 0.171). */
export interface TurnRequest {
  /** Members of `thread/start`. */
  readonly thread: JsonObject;
  /** For `thread/inject_items`: the whole conversation, as items of the Responses API. */
  readonly items: readonly JsonObject[];
  /** Members of `turn/start`. The turn has no input of its own: it answers what was injected. */
  readonly turn: JsonObject;
}

/** Whatever effort is asked for, Codex decides what its model takes. */
const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** How Codex takes a conversation: as OpenAI does. */
const traits: ModelTraits = {
  ...{ provider: 'codex', maker: 'codex', providerModel: 'codex', hasOtherAddress: false, isDirect: true },
  ...{
    takesImages: true,
    takesSampling: false,
    takesSchema: true,
    takesForcedTools: false,
    takesSystemTurns: false,
  },
  ...{ reasons: true, thinksAdaptively: false, alwaysThinks: false, efforts },
  ...{ cacheMarks: 0, usualMaxTokens: undefined, maxOutputTokens: undefined },
};

/**
 * What a client asks of a model, asked of Codex. The client's instructions stand in the place of Codex's own, also where it
 * has none; its tools are offered as dynamic ones. What Codex has no place for is said to the model in words: a tool that has to be called, and
 * the form of an answer that the client does not want enforced. Limits of length and sampling are left out. Throws a
 * CodexPlusError for what is nested too deep for Codex to read.
 */
export function turnRequest(
  request: ModelRequest,
  names: ToolNames,
  /** Of the model's name, for a request that names none. */
  usualEffort: string | undefined,
): TurnRequest {
  const { instructions, items } = writtenConversation(request, names);
  const tools = request.toolChoice?.kind === 'none' ? [] : offeredFunctions(request.tools, names);
  const schema = request.format?.isStrict === true ? request.format.schema : undefined;
  refuseDeepParts({ items, tools, schema }, names);
  const told = [
    ...choiceInWords(request, names, tools.length),
    ...(schema === undefined ? jsonInstructions(request.format) : []),
  ];
  return {
    // An empty text has Codex say nothing; without one it would say what is for somebody at its terminal.
    thread: withoutAbsent({ baseInstructions: instructions ?? '', dynamicTools: dynamicTools(tools) }),
    items: told.length === 0 ? items : [...items, developerMessage(told.join('\n\n'))],
    turn: withoutAbsent({
      effort: nearestEffort(askedEffort(request.reasoning), efforts) ?? usualEffort,
      summary: request.reasoning?.isShown === true ? 'auto' : undefined,
      outputSchema: schema,
    }),
  };
}

/** Names each part that comes from the client and may be nested as deep as the client likes. */
function refuseDeepParts(
  {
    items,
    tools,
    schema,
  }: {
    readonly items: readonly JsonObject[];
    readonly tools: readonly OfferedFunction[];
    readonly schema: JsonObject | undefined;
  },
  names: ToolNames,
): void {
  for (const { name, parameters } of tools)
    refuseDeep(parameters, aroundSchema, `the JSON schema of the tool "${names.toolOf(name).name}"`);
  for (const item of items)
    refuseDeep(item, aroundItem, `an item "${String(item['type'])}" of the conversation`);
  refuseDeep(schema, aroundAnswerSchema, "the JSON schema of the answer's form");
}

/** The parameters, the list of tools and the tool. */
const aroundSchema = 3;
/** The parameters and the list of items. */
const aroundItem = 2;
/** The parameters alone. */
const aroundAnswerSchema = 1;

function dynamicTools(tools: readonly OfferedFunction[]): readonly JsonObject[] | undefined {
  if (tools.length === 0) return undefined;
  return tools.map(({ name, description, parameters }) => ({
    ...{ type: 'function', name, description, inputSchema: parameters },
  }));
}

function writtenConversation(
  request: ModelRequest,
  names: ToolNames,
): { readonly instructions: string | undefined; readonly items: readonly JsonObject[] } {
  const written = codecOf(codexApi).providerTranslation?.writeRequest(request, names, traits) ?? {};
  const { instructions, input } = written;
  return {
    instructions: typeof instructions === 'string' ? instructions : undefined,
    items: Array.isArray(input) ? (input as unknown[]).filter(isJsonObject) : [],
  };
}

function choiceInWords(
  { toolChoice, parallelCalls }: ModelRequest,
  names: ToolNames,
  offered: number,
): readonly string[] {
  if (offered === 0) return [];
  const told: string[] = [];
  if (toolChoice?.kind === 'any') told.push('Call one of the tools; do not answer without a call.');
  if (toolChoice?.kind === 'tool') {
    const name = names.nameOf(toolChoice.tool);
    told.push(`Call the tool ${name}; do not answer without this call.`);
  }
  if (parallelCalls === false) told.push('Call no more than one tool at a time.');
  return told;
}

function developerMessage(text: string): JsonObject {
  return { type: 'message', role: 'developer', content: [{ type: 'input_text', text }] };
}
