import { describe, expect, test } from '@jest/globals';
import { callRaw } from '../../support/raw-client.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();
const greet = '---\nallowed-tools: Bash(echo *)\n---\nSaid: !`echo hi to $0`';

type Json = Readonly<Record<string, unknown>>;
type Api = 'responses' | 'chat' | 'messages';
type Said = readonly [role: 'user' | 'assistant', text: string];
/** How a client writes a message. */
type Form = (role: string, text: string, api: Api) => Json;

const paths = { responses: '/v1/responses', chat: '/v1/chat/completions', messages: '/v1/messages' };

function partType(role: string, api: Api): string {
  if (api !== 'responses') return 'text';
  return role === 'user' ? 'input_text' : 'output_text';
}

const asText: Form = (role, content) => ({ role, content });
const asParts: Form = (role, text, api) => ({ role, content: [{ type: partType(role, api), text }] });
const turned: Form = (role, text, api) => ({
  content: [{ text, type: partType(role, api) }],
  ...(api === 'responses' && { type: 'message' }),
  role,
});

/** What the client gets as an answer. */
async function tell(
  api: Api,
  said: readonly Said[],
  form: Form,
  headers: readonly string[],
): Promise<string> {
  const items = said.map(([role, text]) => form(role, text, api));
  const { status, body } = await callRaw(bench.middleware.port, {
    path: paths[api],
    headers: ['x-codex-plus-workspace', bench.workspace, ...headers],
    body: JSON.stringify({ model: 'm', max_tokens: 9, [api === 'responses' ? 'input' : 'messages']: items }),
  });
  expect(status).toBe(200);
  const { output, choices, content } = JSON.parse(body.toString()) as Record<
    string,
    readonly Json[] | undefined
  >;
  const [message] = output ?? choices?.map((choice) => choice['message'] as Json) ?? [{ content }];
  const parts = message?.['content'];
  return typeof parts === 'string' ? parts : String((parts as readonly Json[])[0]?.['text']);
}

/** What the model got last. */
function sent(): string {
  const { input, messages } = bench.upstream.requests.at(-1)?.json ?? {};
  return JSON.stringify(input ?? messages);
}

describe.each(['responses', 'chat', 'messages'] as const)('by %s, without ids,', (api) => {
  describe.each([
    ['a text, and then a list of one', asText, asParts],
    ['a list of one, and then a text', asParts, asText],
    ['a list, and then its members in another order', asParts, turned],
  ])('a client that writes %s', (_how, before, after) => {
    test('has neither a command of ours nor its answer sent to the model [CMD-4]', async () => {
      const answer = await tell(api, [['user', '/mcp list']], before, []);
      await tell(
        api,
        [
          ['user', '/mcp list'],
          ['assistant', answer],
          ['user', 'hi'],
        ],
        after,
        [],
      );
      expect(sent()).toContain('hi');
      expect(sent()).not.toMatch(/mcp/i);
    });

    test('answers a question, about a command and about a call, and neither is sent to the model [HK-3]', async () => {
      await bench.file('project/.claude/commands/greet.md', greet);
      await bench.hooks({}, 'home/.claude/settings.json', { permissions: { ask: ['rm'] } });
      bench.answers(
        [{ kind: 'text', text: 'Greeted.' }],
        [{ kind: 'call', name: 'rm', arguments: {}, callId: 'c' }],
        [{ kind: 'text', text: 'Well.' }],
      );
      const said: Said[] = [['user', '/greet ada']];
      said.push(['assistant', await tell(api, said, before, [])], ['user', 'y']);
      said.push(['assistant', await tell(api, said, after, [])], ['user', 'clean up']);
      expect(sent()).toContain('hi to ada');
      said.push(['assistant', await tell(api, said, before, [])], ['user', 'n']);
      expect(said.at(-2)?.[1]).toContain('Allow?');
      await tell(api, said, after, []);
      expect(sent()).toMatch(/hi to ada.*Greeted.*clean up.*STOP/);
      expect(sent()).not.toMatch(/Allow\?|"n"|"y"/);
    });
  });
});
