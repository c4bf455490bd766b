import Anthropic from '@anthropic-ai/sdk';
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';
import { expect, test } from '@jest/globals';
import { call, text } from '../support/checked-bench.ts';
import { fixture } from '../support/mcp/pool-place.ts';
import { useWholeBench } from '../support/whole-bench.ts';

const bench = useWholeBench();

test.each([false, true])(
  'the tool runner of the Anthropic SDK keeps its conversation at the provider, and has its own tools alone; streamed: %s [MCP-2]',
  async (stream) => {
    await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: { one: fixture() } }));
    bench.answers([call('look', 'c2', { at: 'it' })], [text('Done.')]);
    const seen: unknown[] = [];
    const look = betaTool({
      name: 'look',
      description: 'Looks at something.',
      inputSchema: { type: 'object', properties: { at: { type: 'string' } } },
      run: (input) => {
        seen.push(input);
        return 'seen';
      },
    });
    const client = new Anthropic({
      ...{ baseURL: bench.middleware.url, apiKey: 'sk-test', maxRetries: 0 },
      defaultHeaders: { 'x-codex-plus-workspace': bench.workspace },
    });
    const asked = { model: 'm', max_tokens: 100, tools: [look] };
    const messages = [{ role: 'user' as const, content: 'do both' }];
    const last = await (
      stream
        ? client.beta.messages.toolRunner({ ...asked, messages, stream: true })
        : client.beta.messages.toolRunner({ ...asked, messages, stream: false })
    ).runUntilDone();
    expect(seen).toEqual([{ at: 'it' }]);
    expect(last.content).toMatchObject([{ type: 'text', text: 'Done.' }]);
    expect(bench.sent(-1)).toEqual([['output', 'c2', 'seen']]);
    expect(JSON.stringify(bench.upstream.requests.map(({ json }) => json))).not.toContain('mcp__one');
    // The fake keeps no conversations.
    bench.forgive();
  },
);
