import type { ApiRequest } from '../../../../../kernel/exchange.ts';
import { isJsonObject, parseJson, type JsonObject } from '../../../../../kernel/json-object.ts';
import { lastMember, replaceMembers } from '../../../../json/json-members.ts';
import { mapElements } from '../../../../json/map-elements.ts';
import { withJson } from '../../../../json/with-json.ts';
import { isTakenEverywhere, providerCallId } from '../../../../translation/call-id.ts';
import type { ModelTraits } from '../../../../translation/model-traits.ts';
import { isText, objectsIn } from '../../../common/read-event.ts';
import { isLoopWithoutThought } from '../turns/running-loop.ts';
import { withTakenRoles } from './taken-roles.ts';
import { takenThinking } from './taken-thinking.ts';
import { withAdded } from './with-added.ts';

/** Those that ask for thinking, and those that it does not go with. */
const read = ['thinking', 'output_config', 'temperature', 'top_k', 'max_tokens', 'tool_choice'] as const;

/**
 * A request of a client of the Messages API as Claude itself takes it. Clients ask all of Claude's models for what the newest take,
 * and have ids of other models' calls in their conversations; LiteLLM changes both. Every other byte stays. Other models than
 * Claude get it with other roles alone.
 */
export function asClaudeTakes(request: ApiRequest, traits: ModelTraits): ApiRequest {
  const taken = withTakenRoles(request, traits);
  return traits.providerModel.includes('claude') ? withTakenThinking(withTakenCalls(taken), traits) : taken;
}

function withTakenThinking(request: ApiRequest, traits: ModelTraits): ApiRequest {
  const { json } = request;
  const members = read.flatMap((name) => {
    const member = lastMember(json, name);
    return member === undefined ? [] : [{ name, member }];
  });
  if (!members.some(({ name }) => name === 'thinking' || name === 'output_config')) return request;
  const asked: JsonObject = Object.fromEntries(
    members.map(({ name, member }) => [
      name,
      parseJson(json.toString('utf8', member.valueStart, member.valueEnd)),
    ]),
  );
  const taken = takenThinking(asked, traits, () => {
    const messages = lastMember(json, 'messages');
    if (messages === undefined) return false;
    return isLoopWithoutThought(
      objectsIn(parseJson(json.toString('utf8', messages.valueStart, messages.valueEnd))),
    );
  });
  const changes = members
    .filter(({ name }) => taken[name] !== asked[name])
    .map(({ name, member }) => [member, written(taken[name])] as const);
  const added = Object.entries(taken).filter(([name, value]) => value !== undefined && !(name in asked));
  if (changes.length === 0 && added.length === 0) return request;
  return withJson(request, withAdded(replaceMembers(json, new Map(changes)), added));
}

function written(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

/** An id with a letter in it that Claude refuses, or that is too long. */
const oddId = /"(?:tool_use_)?id"\s*:\s*"(?:[\w-]*[^\w"-]|[\w-]{65})/;

function withTakenCalls(request: ApiRequest): ApiRequest {
  return oddId.test(request.json.toString('latin1'))
    ? mapElements(request, 'messages', withTakenIds)
    : request;
}

function withTakenIds(text: string): string {
  const message = oddId.test(text) ? parseJson(text) : undefined;
  if (!isJsonObject(message)) return text;
  const blocks = objectsIn(message['content']);
  const content = blocks.map(withTakenId);
  return content.every((block, index) => block === blocks[index])
    ? text
    : JSON.stringify({ ...message, content });
}

function withTakenId(block: JsonObject): JsonObject {
  const name = block['type'] === 'tool_result' ? 'tool_use_id' : 'id';
  const id = block['type'] === 'tool_use' || name === 'tool_use_id' ? block[name] : undefined;
  return isText(id) && !isTakenEverywhere(id) ? { ...block, [name]: providerCallId(id) } : block;
}
