import {
  type CompleteResult,
  type GetPromptResult,
  type Prompt,
  type ReadResourceResult,
  type Resource,
  type ResourceTemplateType,
} from '@modelcontextprotocol/client';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { fromResource, listHint } from '../contents/no-resource.ts';
import type { McpServers } from '../mcp-servers.ts';
import { boundedPrompt, visibleResource } from './bounded-result.ts';
import { findNamed } from './find-named.ts';
import { fitsTemplate } from './fits-template.ts';
import {
  forwardRequest,
  runRequest,
  type GatewayClient,
  type GatewayRequest,
  type GatewayResult,
} from './forward-request.ts';
import { gatewayNames, type FoundName, type Named, type Offered, type PrefixMode } from './gateway-names.ts';
import type { ListedNames } from './listed-names.ts';
import type { ParkedCalls } from './parked-calls.ts';
import { findQualified, qualifiedUri } from './qualified-uri.ts';
import { listedBefore, serverLists, type ServerListsOptions } from './server-lists.ts';

export interface GatewayContentsOptions {
  readonly servers: Pick<McpServers, 'use'>;
  readonly lists: ServerListsOptions;
  readonly names: ListedNames;
  readonly parked: ParkedCalls<unknown>;
  readonly prefix: PrefixMode;
}

/** A request and whom it comes from. */
export interface Asked {
  readonly request: GatewayRequest;
  readonly client: GatewayClient;
}

const none: ReadonlySet<string> = new Set();

/** The prompts of all servers. */
export async function gatewayPrompts(
  client: GatewayClient,
  options: GatewayContentsOptions,
): Promise<readonly Prompt[]> {
  const lists = await serverLists('prompts', client, options.lists);
  const named = promptNames(lists, client, options);
  options.names.keep('prompts', client, lists, named);
  return named.map(({ name, item }) => ({ ...item, name }));
}

function promptNames(
  lists: readonly Offered<Prompt>[],
  client: GatewayClient,
  { prefix, names }: GatewayContentsOptions,
): readonly Named<Prompt>[] {
  return gatewayNames(lists, { prefix, reserved: none, staying: names.staying('prompts', client, lists) });
}

async function findPrompt(
  name: string,
  client: GatewayClient,
  options: GatewayContentsOptions,
): Promise<FoundName | undefined> {
  return await findNamed(name, client.place, options.prefix, {
    told: options.names.find('prompts', name, client),
    before: async () => promptNames(await listedBefore('prompts', client, options.lists), client, options),
    now: async () => promptNames(await serverLists('prompts', client, options.lists), client, options),
  });
}

/** A prompt; `undefined` where no server has one of that name. */
export async function gatewayPrompt(
  name: string,
  asked: Asked,
  options: GatewayContentsOptions,
): Promise<GatewayResult<GetPromptResult> | undefined> {
  const { client } = asked;
  const found = await findPrompt(name, client, options);
  if (found === undefined || isKept(found.server, client)) return undefined;
  const target = { server: found.server, what: `prompt "${found.name}"`, method: 'prompts/get' as const };
  return await runRequest(`prompts/get ${name}`, asked, options.parked, (parts) =>
    forwardRequest(
      {
        ...target,
        params: { name: found.name },
        finish: (result, { maxTokens }) => boundedPrompt(result, maxTokens),
      },
      parts,
      options.servers,
    ),
  );
}

/**
 * The resources of all servers. Where two have one address, it is that of the one that was listed with it, or else of the first
 * one, and that of the other one has its server before it.
 */
export async function gatewayResources(
  client: GatewayClient,
  { lists, names }: GatewayContentsOptions,
): Promise<readonly Resource[]> {
  const offered = byAddress(await serverLists('resources', client, lists), ({ uri }) => uri);
  const staying = names.staying('resources', client, offered);
  const taken = new Set<string>();
  const named = offered.flatMap(({ server, items }) =>
    items.map((item) => {
      const isAnothers = taken.has(item.name) || (staying.get(item.name)?.server ?? server) !== server;
      const name = isAnothers ? qualifiedUri(server, item.name) : item.name;
      taken.add(name);
      return { name, server, item };
    }),
  );
  names.keep('resources', client, offered, named);
  return named.map(({ name, item }) => ({ ...item.listed, uri: name }));
}

/** The templates for addresses of resources, of all servers. */
export async function gatewayTemplates(
  client: GatewayClient,
  { lists, names }: GatewayContentsOptions,
): Promise<readonly ResourceTemplateType[]> {
  const offered = byAddress(await serverLists('templates', client, lists), ({ uriTemplate }) => uriTemplate);
  const staying = names.staying('templates', client, offered);
  const named = offered.flatMap(({ server, items }) =>
    items.map((item) => ({ name: item.name, server: staying.get(item.name)?.server ?? server, item })),
  );
  names.keep('templates', client, offered, named.toReversed());
  return named.map(({ item }) => item.listed);
}

function byAddress<One>(
  lists: readonly Offered<One>[],
  addressOf: (one: One) => string,
): readonly Offered<{ readonly name: string; readonly listed: One }>[] {
  return lists.map((list) => ({
    ...list,
    items: list.items.map((listed) => ({ name: addressOf(listed), listed })),
  }));
}

/** Where a resource is, and its address there. */
export interface FoundResource {
  readonly server: string;
  readonly uri: string;
}

/** Where a resource is; `undefined` where no server has said that it has it. */
export async function findResource(
  uri: string,
  client: GatewayClient,
  { lists, names }: Pick<GatewayContentsOptions, 'lists' | 'names'>,
): Promise<FoundResource | undefined> {
  const qualified = findQualified(uri, client.place.project.mcpServers.keys());
  if (qualified !== undefined) return isKept(qualified.server, client) ? undefined : qualified;
  const told = names.find('resources', uri, client);
  if (told !== undefined) return isKept(told.server, client) ? undefined : { server: told.server, uri };
  const resources = await serverLists('resources', client, lists);
  const listed = resources.find(({ items }) => items.some((item) => item.uri === uri));
  if (listed !== undefined) return { server: listed.server, uri };
  const templates = await serverLists('templates', client, lists);
  const fitting = templates.flatMap(({ server, items }) =>
    items
      .filter(({ uriTemplate }) => fitsTemplate(uri, uriTemplate))
      .map(({ uriTemplate }) => ({ server, told: names.find('templates', uriTemplate, client)?.server })),
  );
  const found = fitting.find(({ told: by }) => by !== undefined) ?? fitting[0];
  return found && { server: found.told ?? found.server, uri };
}

/** Reads a resource; `undefined` where no server has it. */
export async function readGatewayResource(
  uri: string,
  asked: Asked,
  options: GatewayContentsOptions,
): Promise<GatewayResult<ReadResourceResult> | undefined> {
  const found = await findResource(uri, asked.client, options);
  if (found === undefined) return undefined;
  const target = { server: found.server, what: `resource "${found.uri}"`, method: 'resources/read' as const };
  return await runRequest(`resources/read ${uri}`, asked, options.parked, (parts) =>
    fromResource(
      forwardRequest(
        { ...target, params: { uri: found.uri }, finish: visibleResource },
        parts,
        options.servers,
      ),
      { ...found, hint: listHint },
    ),
  );
}

const nothing: CompleteResult = { completion: { values: [] } };

/** What the argument of a prompt or of a template may be; `undefined` where no server has it. */
export async function completeAtServer(
  asked: Asked,
  options: GatewayContentsOptions,
): Promise<CompleteResult | undefined> {
  const { request, client } = asked;
  const found = await findReference(request.params['ref'], client, options);
  if (found === undefined || isKept(found.server, client)) return undefined;
  const { server, ref } = found;
  const { place } = client;
  const hasCompletions = await options.servers.use(
    {
      ...{ server, what: 'what it offers', signal: request.signal },
      work: ({ capabilities }) => Promise.resolve(capabilities.completions !== undefined),
    },
    place,
  );
  if (!hasCompletions) return nothing;
  const target = { server, what: 'a completion', method: 'completion/complete' as const };
  const result = await runRequest('completion/complete', asked, options.parked, (parts) =>
    forwardRequest({ ...target, params: { ref }, finish: (completed) => completed }, parts, options.servers),
  );
  return 'completion' in result ? (result as CompleteResult) : nothing;
}

async function findReference(
  ref: unknown,
  client: GatewayClient,
  options: GatewayContentsOptions,
): Promise<{ readonly server: string; readonly ref: JsonObject } | undefined> {
  if (!isJsonObject(ref)) return undefined;
  const { name, uri } = ref;
  if (typeof name === 'string') {
    const found = await findPrompt(name, client, options);
    return found && { server: found.server, ref: { ...ref, name: found.name } };
  }
  const told = typeof uri === 'string' ? options.names.find('templates', uri, client) : undefined;
  if (told !== undefined) return { server: told.server, ref };
  const templates = await serverLists('templates', client, options.lists);
  const found = templates.find(({ items }) => items.some(({ uriTemplate }) => uriTemplate === uri));
  return found && { server: found.server, ref };
}

/** Whether rules keep all of a server from the client. */
function isKept(server: string, { guard }: GatewayClient): boolean {
  return guard.isDenied(server, '');
}
