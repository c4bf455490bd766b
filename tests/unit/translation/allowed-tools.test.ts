import { expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatClient } from '../../../middleware/protocol/apis/chat/translation/client.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { objectAt, objectsIn, textAt } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { says } from '../../support/strict/asked-of-claude.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';

const providers = [
  ['Claude', messagesProvider, claude({ reasons: false })],
  ['a provider of chats', chatProvider, plainChat({})],
  ['one of functions alone', responsesProvider, openai({})],
] as const;
type Side = Pick<(typeof providers)[number], 1 | 2>;

const tools = [
  ...['look', 'send'].map((name) => ({ type: 'function', name, parameters: {} })),
  { type: 'custom', name: 'apply_patch' },
  { type: 'local_shell' },
  { type: 'namespace', name: 'files', tools: [{ type: 'function', name: 'look', parameters: {} }] },
  { type: 'web_search' },
];
const sent = { type: 'function_call', call_id: 'c1', name: 'send', arguments: '{}' };
const input = [says('go'), sent, { type: 'function_call_output', call_id: 'c1', output: 'done' }, says('on')];

function asked(tool_choice: unknown, { 1: provider, 2: traits }: Side): JsonObject {
  return translateRequest(
    { model: 'm', tools, input, tool_choice },
    { client: responsesClient, provider },
    traits,
  ).body;
}

const nameIn = (tool: JsonObject): string =>
  textAt(tool, 'name') || textAt(objectAt(tool, 'function'), 'name');
const offeredIn = ({ tools: offered }: JsonObject): readonly string[] => objectsIn(offered).map(nameIn);
const allowed = (mode: string, ...of: readonly JsonObject[]): JsonObject => ({
  ...{ type: 'allowed_tools', mode },
  tools: of,
});
const look = { type: 'function', name: 'look' };

test.each(providers)(
  '[RT-4] of a list of allowed tools, %s is offered these alone, each as it is called without the list',
  (...side) => {
    const all = offeredIn(asked('auto', side));
    expect(all).toEqual(['look', 'send', 'apply_patch', 'local_shell', 'files__look']);
    const offered = (...of: readonly JsonObject[]): readonly string[] =>
      offeredIn(asked(allowed('auto', ...of), side));
    expect(offered(look)).toEqual(['look']);
    expect(offered({ ...look, namespace: 'files' })).toEqual(['files__look']);
    expect(offered({ type: 'namespace', name: 'files' }, { type: 'local_shell' })).toEqual([
      'local_shell',
      'files__look',
    ]);
    expect(offered({ type: 'custom', name: 'apply_patch' }, { type: 'web_search' })).toEqual(['apply_patch']);
  },
);

test.each(providers)('[RT-4] what is not allowed any more stays in the conversation, at %s', (...side) => {
  expect(JSON.stringify(asked(allowed('auto', look), side))).toContain('"send"');
});

test.each(providers)('[RT-4] where no allowed tool is left, %s may call none', (...side) => {
  const body = asked(allowed('required', { type: 'mcp', server_label: 's', name: 'look' }), side);
  expect([body['tool_choice'], offeredIn(body).length]).toEqual([
    side[1] === messagesProvider ? { type: 'none' } : 'none',
    5,
  ]);
});

test('[RT-4] one of a list of allowed tools is called where one has to be', () => {
  const choices = (tool_choice: unknown): readonly unknown[] =>
    providers.map((side) => asked(tool_choice, side)['tool_choice']);
  const shell = { type: 'local_shell' };
  expect(choices(allowed('required', look, shell))).toEqual([{ type: 'any' }, 'required', 'required']);
  const forced = [
    { type: 'tool', name: 'local_shell' },
    { type: 'function', function: { name: 'local_shell' } },
    { type: 'function', name: 'local_shell' },
  ];
  expect(choices(allowed('required', shell))).toEqual(forced);
  expect(choices(shell)).toEqual(forced);
  expect(choices(allowed('auto', look))).toEqual([undefined, undefined, undefined]);
});

test('[RT-4] a client of chats has the same list', () => {
  const functions = ['look', 'send'].map((name) => ({
    type: 'function',
    function: { name, parameters: {} },
  }));
  const tool_choice = {
    type: 'allowed_tools',
    allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'send' } }] },
  };
  const { body } = translateRequest(
    { model: 'm', messages: [says('go')], tools: functions, tool_choice },
    { client: chatClient, provider: messagesProvider },
    claude({ reasons: false }),
  );
  expect([offeredIn(body), body['tool_choice']]).toEqual([['send'], { type: 'tool', name: 'send' }]);
});
