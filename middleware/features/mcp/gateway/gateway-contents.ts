import {
  type CompleteResult,
  type GetPromptResult,
  type Prompt,
  type ReadResourceResult,
  type Resource,
  type ResourceTemplateType,
} from '@modelcontextprotocol/client';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { McpServers } from '../mcp-servers.ts';
import { boundedPrompt, visibleResource } from './bounded-result.ts';
import { findNamed, type FoundName } from './find-named.ts';
import { fitsTemplate } from './fits-template.ts';
import {
  forwardRequest,
  runRequest,
  type GatewayClient,
  type GatewayRequest,
  type GatewayResult,
} from './forward-request.ts';
import { gatewayNames, type Named, type PrefixMode } from './gateway-names.ts';
import type { ParkedCalls } from './parked-calls.ts';
import { findQualified, qualifiedUri } from './qualified-uri.ts';
import { listedBefore, serverLists, type ServerListsOptions } from './server-lists.ts';

export interface GatewayContentsOptions {
  readonly servers: Pick<McpServers, 'use'>;
  readonly lists: ServerListsOptions;
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
  return (await namedPrompts(client, options, serverLists)).map(({ name, item }) => ({ ...item, name }));
}

async function namedPrompts(
  client: GatewayClient,
  { lists, prefix }: GatewayContentsOptions,
  listsOf: typeof serverLists,
): Promise<readonly Named<Prompt>[]> {
  return gatewayNames(await listsOf('prompts', client, lists), { prefix, reserved: none });
}

async function findPrompt(
  name: string,
  client: GatewayClient,
  options: GatewayContentsOptions,
): Promise<FoundName | undefined> {
  return await findNamed(name, client.place, options.prefix, {
    before: () => namedPrompts(client, options, listedBefore),
    now: () => namedPrompts(client, options, serverLists),
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

/** The resources of all servers. Where two have one address, that of the second one has its server before it. */
export async function gatewayResources(
  client: GatewayClient,
  { lists }: GatewayContentsOptions,
): Promise<readonly Resource[]> {
  const taken = new Set<string>();
  return (await serverLists('resources', client, lists)).flatMap(({ server, items }) =>
    items.map((item) => {
      const uri = taken.has(item.uri) ? qualifiedUri(server, item.uri) : item.uri;
      taken.add(uri);
      return { ...item, uri };
    }),
  );
}

/** The templates for addresses of resources, of all servers. */
export async function gatewayTemplates(
  client: GatewayClient,
  { lists }: GatewayContentsOptions,
): Promise<readonly ResourceTemplateType[]> {
  return (await serverLists('templates', client, lists)).flatMap(({ items }) => items);
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
  { lists }: Pick<GatewayContentsOptions, 'lists'>,
): Promise<FoundResource | undefined> {
  const qualified = findQualified(uri, client.place.project.mcpServers.keys());
  if (qualified !== undefined) return isKept(qualified.server, client) ? undefined : qualified;
  const resources = await serverLists('resources', client, lists);
  const listed = resources.find(({ items }) => items.some((item) => item.uri === uri));
  if (listed !== undefined) return { server: listed.server, uri };
  const templates = await serverLists('templates', client, lists);
  const matching = templates.find(({ items }) => items.some((item) => fitsTemplate(uri, item.uriTemplate)));
  return matching && { server: matching.server, uri };
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
    forwardRequest(
      { ...target, params: { uri: found.uri }, finish: visibleResource },
      parts,
      options.servers,
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
  const templates = await serverLists('templates', client, options.lists);
  const found = templates.find(({ items }) => items.some(({ uriTemplate }) => uriTemplate === uri));
  return found && { server: found.server, ref };
}

/** Whether rules keep all of a server from the client. */
function isKept(server: string, { guard }: GatewayClient): boolean {
  return guard.isDenied(server, '');
}
