import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { holds } from '../../support/fuzz.ts';
import { faultsOfChat } from '../../support/strict/chat-rules.ts';
import { faultsOfMessages } from '../../support/strict/messages-rules.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';

/** A word that is found again, in the place of each number. */
const word = (index: number): string => `word${index}.`;

const kinds = fc.constantFrom(
  ...['next_year', 'next_year_call', 'next_year_call_output', 'next_year_output', 'mcp_call'],
  ...['web_search_call', 'file_search_call', 'code_interpreter_call', 'image_generation_call', 'program'],
  ...['program_output', 'computer_call', 'shell_call', 'apply_patch_call', 'function_call', 'message'],
  ...['constructor', '__proto__', 'x'.repeat(300)],
);
const members = fc.constantFrom(
  ...['text', 'output', 'outputs', 'result', 'results', 'error', 'arguments', 'input', 'action', 'code'],
  ...['logs', 'due', 'revised_prompt'],
);
type Held = 'text' | 'object' | 'list' | 'parts';
const held = fc.constantFrom<Held>('text', 'object', 'list', 'parts');
const ids = fc.constantFrom<JsonObject>(
  ...[{}, { id: 'i1' }, { id: 'i2' }, { call_id: 'c1' }, { call_id: 'c2', id: 'i1' }, { call_id: null }],
);

interface Made {
  readonly kind: string;
  readonly id: JsonObject;
  readonly members: readonly (readonly [string, Held])[];
}

const made: fc.Arbitrary<Made> = fc.record({
  kind: kinds,
  id: ids,
  members: fc.uniqueArray(fc.tuple(members, held), {
    maxLength: 3,
    minLength: 1,
    selector: ([name]) => name,
  }),
});

function holding(text: string, how: Held): unknown {
  if (how === 'text') return text;
  if (how === 'object') return { deep: { er: text } };
  return how === 'list' ? [{ stdout: text }] : [{ type: 'input_text', text }];
}

/** Items of made-up kinds, and every word in them. */
function itemsOf(list: readonly Made[]): { items: JsonObject[]; words: string[] } {
  const words: string[] = [];
  const fresh = (): string => {
    words.push(word(words.length));
    return words.at(-1) ?? '';
  };
  const items = list.map(({ kind, id, members: named }): JsonObject => {
    if (kind === 'message') return { role: 'assistant', content: fresh() };
    if (kind === 'function_call')
      return { type: kind, call_id: 'f', name: 'f', arguments: `{"a":"${fresh()}"}` };
    // What is known of these stands in `call-kinds.test.ts`; here they are in the midst of others.
    if (['computer_call', 'shell_call'].includes(kind))
      return { type: kind, call_id: 'k', action: { said: fresh() } };
    if (kind === 'apply_patch_call') return { type: kind, call_id: 'p', operation: { said: fresh() } };
    return {
      type: kind,
      ...id,
      ...Object.fromEntries(named.map(([name, how]) => [name, holding(fresh(), how)])),
    };
  });
  return { items, words };
}

const user = { role: 'user', content: 'go' };

function lost(words: readonly string[], body: JsonObject): readonly string[] {
  const json = JSON.stringify(body);
  return words.filter((each) => !json.includes(each));
}

const isSigned = (): boolean => false;

describe('[RT-4] whatever kinds of items come next year, nothing that they say is lost', () => {
  test.each([
    ['Claude', messagesProvider, claude({}), faultsOfClaude],
    ['a provider of chats', chatProvider, plainChat({}), faultsOfChat],
  ] as const)('at %s', async (_name, provider, traits, faultsOf) => {
    await holds(
      [fc.array(made, { minLength: 1, maxLength: 8 })],
      (list) => {
        const { items, words } = itemsOf(list);
        const sides = { client: responsesClient, provider };
        const { body } = translateRequest({ model: 'm', input: [user, ...items] }, sides, traits);
        expect(lost(words, body)).toEqual([]);
        expect(faultsOf(body)).toEqual([]);
      },
      400,
    );
  });

  test.each([
    ['OpenAI', responsesProvider, openai({})],
    ['a provider of chats', chatProvider, plainChat({})],
  ] as const)('nor blocks of Claude, at %s', async (_name, provider, traits) => {
    await holds(
      [fc.array(blocks, { minLength: 1, maxLength: 8 })],
      (list) => {
        const words = list.map((_, index) => word(index));
        const content = list.map((block, index) => block(word(index)));
        const sides = { client: messagesClient, provider };
        const messages = [user, { role: 'assistant', content }, user];
        const { body } = translateRequest({ model: 'm', max_tokens: 9, messages }, sides, traits);
        expect(lost(words, body)).toEqual([]);
        if (provider === chatProvider) expect(faultsOfChat(body)).toEqual([]);
      },
      400,
    );
  });
});

function faultsOfClaude(body: JsonObject): readonly string[] {
  return faultsOfMessages(body, { ...claude({}), isSigned });
}

const ofCalls = fc.constantFrom('s1', 's2', 's3');
const blocks: fc.Arbitrary<(said: string) => JsonObject> = fc.oneof(
  fc.constant((text: string) => ({ type: 'text', text })),
  fc
    .record({
      type: fc.constantFrom('server_tool_use', 'mcp_tool_use', 'tool_use', 'next_tool_use'),
      id: ofCalls,
    })
    .map((call) => (said: string) => ({ ...call, name: 'f', server_name: 'docs', input: { said } })),
  fc
    .record({
      type: fc.constantFrom('mcp_tool_result', 'web_search_tool_result', 'next_year_result'),
      tool_use_id: ofCalls,
    })
    .map((result) => (text: string) => ({ ...result, content: [{ type: 'text', text }] })),
  fc
    .record({ type: fc.constantFrom('code_execution_tool_result', 'next_year'), tool_use_id: ofCalls })
    .map((result) => (stdout: string) => ({ ...result, content: { type: 'x', stdout } })),
  fc
    .constantFrom('next_year', 'container_upload')
    .map((type) => (said: string) => ({ type, file: { said } })),
);
