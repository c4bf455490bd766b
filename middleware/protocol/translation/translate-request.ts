import type { JsonObject } from '../../kernel/json-object.ts';
import { CallIds } from './call-id.ts';
import type { AllowedTool, ModelRequest, Tool, ToolChoice } from './model-request.ts';
import type { ModelTraits } from './model-traits.ts';
import { repairHistory } from './repair-history.ts';
import { ToolNames } from './tool-names.ts';
import type { ClientTranslation, ProviderTranslation } from './translation-codec.ts';

/** What a client asks of another provider than its API's, and what the answer is read with. */
export interface AskedRequest {
  /** What the client asked, for whoever writes its answer. */
  readonly request: ModelRequest;
  readonly names: ToolNames;
  readonly callIds: CallIds;
}

/** A client's request as the provider's. */
export interface TranslatedRequest extends AskedRequest {
  readonly body: JsonObject;
  readonly traits: ModelTraits;
}

interface Sides {
  readonly client: ClientTranslation;
  readonly provider: ProviderTranslation;
}

/** Throws a CodexPlusError for a request that no other provider could understand. */
export function translateRequest(
  body: JsonObject,
  { client, provider }: Sides,
  traits: ModelTraits,
): TranslatedRequest {
  const asked = askedRequest(body, client);
  return { ...asked, body: provider.writeRequest(asked.request, asked.names, traits), traits };
}

interface AskingOptions {
  /** Names that are the provider's own. */
  readonly reserved?: RegExp;
  /** Throws a CodexPlusError for what the provider cannot be asked, before anything is mended in it. */
  readonly refuse?: (asked: ModelRequest) => void;
}

/** A client's request in the words of no API, in an order that every provider takes. Throws as `translateRequest` does. */
export function askedRequest(
  body: JsonObject,
  client: ClientTranslation,
  { reserved, refuse }: AskingOptions = {},
): AskedRequest {
  const asked = client.readRequest(body);
  refuse?.(asked);
  const tools = [...asked.tools, ...foundTools(asked)];
  const entries = repairHistory(asked.entries);
  const request = { ...asked, entries, ...offered(asked.toolChoice, tools) };
  // Of all of them: what one is called changes with no list of those that are allowed.
  return { request, names: new ToolNames(tools, reserved), callIds: new CallIds(entries) };
}

/** Tools that a search found earlier are offered from then on, in the order in which they were found. */
function foundTools({ entries }: ModelRequest): readonly Tool[] {
  return entries.flatMap((entry) => (entry.kind === 'result' ? entry.foundTools : []));
}

/**
 * The tools that the model may call, and which it has to. No other provider than OpenAI keeps to a list of allowed ones, so
 * that the rest is not offered. Where none is left, all are, and none may be called: some refuse calls in a history without tools.
 */
function offered(
  choice: ToolChoice | undefined,
  tools: readonly Tool[],
): Pick<ModelRequest, 'tools' | 'toolChoice'> {
  if (choice === undefined || choice.kind === 'none') return { tools, toolChoice: choice };
  if (choice.kind === 'tool') {
    // Providers refuse to have a tool forced that is not offered.
    const tool = tools.find((each) => isMeant(each, choice.tool));
    return { tools, toolChoice: tool && { kind: 'tool', tool } };
  }
  const { kind, among } = choice;
  if (among === undefined) return { tools, toolChoice: choice };
  const allowed = tools.filter((tool) => among.some((each) => isMeant(tool, each)));
  const [only, ...others] = allowed;
  if (only === undefined) return { tools, toolChoice: { kind: 'none' } };
  const isForced = kind === 'any' && others.length === 0;
  return { tools: allowed, toolChoice: isForced ? { kind: 'tool', tool: only } : { kind } };
}

function isMeant(tool: Tool, { namespace, name = tool.name }: AllowedTool): boolean {
  return tool.namespace === namespace && tool.name === name;
}
