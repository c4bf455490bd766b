import type { ApiRequest } from '../../../kernel/exchange.ts';
import { remembered } from '../../../kernel/bounds/remembered.ts';
import type { JsonObject } from '../../../kernel/json-object.ts';
import { arrayElements, insertIntoArray, lastMember, type JsonMember } from '../../json/json-members.ts';
import { withJson } from '../../json/with-json.ts';
import { appendItems, comma, withElements } from '../common/append-items.ts';
import { groupsNamedIn, isFreeChoice, listedTools } from '../common/client-tools.ts';
import { objectsIn } from '../common/read-event.ts';
import { toldOnce, toolsWriter } from '../common/write-tools.ts';
import { joinedName, type ClientTools, type ToolDefinition, type ToolsCodec } from '../tools-codec.ts';

/**
 * Tools stand in `tools`, or, as Codex writes it for most models, in an item of the conversation. Groups that Codex
 * has and does not list, for its model to search, it names in a text.
 */
export const responsesTools: ToolsCodec = {
  read: (json) => {
    const listed = listedTools(json, lastMember(json, 'tools'));
    const item = additionalTools(json);
    const ways = [
      listed.hasGroup,
      item && groupsNamedIn(json.subarray(item.start, item.end)),
      deferredGroups(json),
    ].filter((isNamed) => isNamed !== undefined);
    return {
      count: listed.count + objectsIn(item?.value['tools']).length,
      isFree: isFreeChoice(json),
      hasGroup: ways.length === 0 ? undefined : (group) => ways.some((isNamed) => isNamed(group)),
    };
  },
  withTools: (request, definitions) => {
    const item = additionalTools(request.json);
    return item === undefined
      ? appendItems(request, 'tools', written(definitions))
      : withAdditional(request, item, definitions);
  },
};

function functionOf({ description, parameters, ...named }: ToolDefinition): JsonObject {
  return { type: 'function', name: joinedName(named), description, strict: false, parameters };
}

const written = toolsWriter((definitions) => toldOnce(definitions).map(functionOf));
const writtenInGroups = toolsWriter(groupsOf);

interface AdditionalTools {
  /** The conversation that it stands in. */
  readonly input: JsonMember;
  readonly start: number;
  readonly end: number;
  readonly value: JsonObject;
}

const additionalHint = Buffer.from('"additional_tools"');
/** Its end is rarer than its beginning, so that it is found, or not, in less time. */
const additionalEnd = Buffer.from('_tools"');

/** The first such item: it stands where it stood in every earlier request. */
const additionalTools = remembered((json: Buffer): AdditionalTools | undefined => {
  const isHinted = json.includes(additionalEnd) && json.includes(additionalHint);
  const input = isHinted ? lastMember(json, 'input') : undefined;
  if (input === undefined) return undefined;
  for (const { start, end } of arrayElements(json, input) ?? []) {
    const bytes = json.subarray(start, end);
    if (!bytes.includes(additionalHint)) continue;
    const [value] = objectsIn([JSON.parse(bytes.toString())]);
    if (value?.['type'] === 'additional_tools') return { input, start, end, value };
  }
  return undefined;
});

function withAdditional(
  request: ApiRequest,
  { input, start, end, value }: AdditionalTools,
  definitions: readonly ToolDefinition[],
): ApiRequest {
  const { json } = request;
  const item = json.subarray(start, end);
  const areGrouped = objectsIn(value['tools']).some(({ type }) => type === 'namespace');
  const added = areGrouped ? writtenInGroups(definitions) : written(definitions);
  const tools = lastMember(item, 'tools');
  const last = tools === undefined ? undefined : arrayElements(item, tools)?.at(-1);
  if (last !== undefined)
    return withJson(
      request,
      insertIntoArray(json, { member: input, at: start + last.end }, [comma, ...added]),
    );
  const other = withElements(item, { key: 'tools', items: added, where: 'end' });
  return withJson(request, Buffer.concat([json.subarray(0, start), other, json.subarray(end)]));
}

/** As Codex has the tools of its own servers there. */
function groupsOf(definitions: readonly ToolDefinition[]): readonly JsonObject[] {
  const groups = Map.groupBy(definitions, ({ group }) => group);
  return [...groups].map(([name, tools]) => ({
    type: 'namespace',
    name,
    description: tools[0]?.about ?? '',
    tools: tools.map(({ tool, description, parameters }) => ({
      ...{ type: 'function', name: tool },
      ...{ description, strict: false, parameters },
    })),
  }));
}

const deferredHint = 'Deferred tool namespaces:';

function deferredGroups(json: Buffer): ClientTools['hasGroup'] {
  const at = json.indexOf(deferredHint);
  if (at < 0) return undefined;
  const end = json.indexOf('</tools>', at);
  const text = json.toString('utf8', at, end < 0 ? at : end);
  const groups = [...text.matchAll(/- (mcp__[\w-]+)/g)].map(([, group = '']) => group);
  return (group) => groups.includes(group);
}
