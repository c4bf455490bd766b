import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Api, ApiRequest } from '../../../middleware/kernel/exchange.ts';
import { codecOf } from '../../../middleware/protocol/apis/codec-of.ts';
import type { ToolDefinition, ToolsCodec } from '../../../middleware/protocol/apis/tools-codec.ts';
import { rootDir } from '../../support/compose-middleware.ts';

const parameters = { type: 'object', properties: { q: { type: 'string' } } };
const [find, read]: readonly [ToolDefinition, ToolDefinition] = [
  { group: 'mcp__docs', tool: 'find', description: 'Finds "it".', parameters },
  { group: 'mcp__files', tool: 'read', description: 'Reads.', parameters },
];

function requestOf(api: Api, body: string): ApiRequest {
  const json = Buffer.from(body);
  return { api, json, raw: json, headers: [], head: { model: 'm', stream: true } } as unknown as ApiRequest;
}

function toolsOf(api: Api): ToolsCodec {
  const { tools } = codecOf(api).request;
  if (tools === undefined) throw new Error(`${api} has no tools`);
  return tools;
}

function recorded(name: string): string {
  const file = join(rootDir, 'tests/fixtures/codex-requests', `${name}.json`);
  const { body } = JSON.parse(readFileSync(file, 'utf8')) as { body: unknown };
  return JSON.stringify(body);
}

/** As each API writes the first of them. */
const written = {
  responses: `{"type":"function","name":"mcp__docs__find","description":"Finds \\"it\\".","strict":false,"parameters":${JSON.stringify(parameters)}}`,
  chat: `{"type":"function","function":{"name":"mcp__docs__find","description":"Finds \\"it\\".","parameters":${JSON.stringify(parameters)}}}`,
  messages: `{"name":"mcp__docs__find","description":"Finds \\"it\\".","input_schema":${JSON.stringify(parameters)}}`,
} as const;
const apis = Object.keys(written) as (keyof typeof written)[];

describe.each(apis)('tools of ours in a request of %s', (api) => {
  const { withTools, read: readTools } = toolsOf(api);

  test.each([
    ['behind its own', '{"a" : 1,"tools": [ {"name":"own", "cache_control":{}} ],"b":"ü"}', ' ]'],
    ['where it has none', '{"model":"m","tools":[],"b":"ü"}', ']'],
  ])('stand %s, and every other byte stays [MCP-2]', (_, body, before) => {
    const at = body.indexOf(before, body.indexOf('tools'));
    const comma = body.includes('own') ? ',' : '';
    const { json } = withTools(requestOf(api, body), [find]);
    expect(json.toString()).toBe(`${body.slice(0, at)}${comma}${written[api]}${body.slice(at)}`);
  });

  test('are added to a request that says nothing of tools [MCP-2]', () => {
    for (const body of ['{"model":"m"}', '{"tools":null,"model":"m"}']) {
      const { json } = withTools(requestOf(api, body), [find]);
      const said = JSON.parse(json.toString()) as { tools: unknown; model: unknown };
      expect(said).toEqual({ tools: [JSON.parse(written[api])], model: 'm' });
    }
  });

  test('are the same bytes each time, in their order [MCP-2]', () => {
    const request = requestOf(api, '{"tools":[{"name":"own"}]}');
    const [first, again] = [withTools(request, [find, read]), withTools(request, [find, read])];
    expect(first.json.equals(again.json)).toBe(true);
    expect(first.json.indexOf('mcp__docs__find')).toBeLessThan(first.json.indexOf('mcp__files__read'));
  });

  test.each([
    ['{}', 0, true],
    ['{"tools":[]}', 0, true],
    ['{"tools":[{"name":"a"},{"type":"web_search"}],"tool_choice":"auto"}', 2, true],
    ['{"tools":[{"name":"a"}],"tool_choice":{"type":"auto"}}', 1, true],
    ['{"tools":[{"name":"a"}],"tool_choice":"none"}', 1, true],
    ['{"tools":[{"name":"a"}],"tool_choice":null}', 1, true],
    ['{"tools":[{"name":"a"}],"tool_choice":"required"}', 1, false],
    ['{"tools":[{"name":"a"}],"tool_choice":{"type":"any"}}', 1, false],
    ['{"tools":[{"name":"a"}],"tool_choice":{"type":"function","name":"a"}}', 1, false],
  ])('what %s says of tools is read', (body, count, isFree) => {
    expect(readTools(Buffer.from(body))).toMatchObject({ count, isFree });
  });

  test('a group is the client’s where one of its tools is named so, or by the group [MCP-2]', () => {
    const { hasGroup } = readTools(
      Buffer.from('{"tools":[{"name":"mcp__docs__x"},{"name":"mcp__notes"}],"input":"mcp__files__y"}'),
    );
    expect(['mcp__docs', 'mcp__notes', 'mcp__files', 'mcp__doc'].map((group) => hasGroup?.(group))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('tools of ours in the requests of Codex', () => {
  const { withTools, read: readTools } = toolsOf('responses');

  test('stand in the list of a classic one [MCP-2]', () => {
    const request = requestOf('responses', recorded('classic'));
    const { json } = withTools(request, [find]);
    const { tools } = JSON.parse(json.toString()) as { tools: { name?: string }[] };
    expect(tools).toHaveLength(readTools(request.json).count + 1);
    expect(tools.at(-1)).toEqual(JSON.parse(written.responses));
    expect(json.toString().replace(`,${written.responses}`, '')).toBe(request.json.toString());
  });

  test('stand in the item of a lite one, in groups as its own are [MCP-2]', () => {
    const request = requestOf('responses', recorded('lite'));
    const { json } = withTools(request, [find, read]);
    const { input, tools } = JSON.parse(json.toString()) as {
      input: { tools?: { type: string; name: string; tools: object[] }[] }[];
      tools?: unknown;
    };
    expect(tools).toBeUndefined();
    const own = readTools(request.json).count;
    expect(own).toBe(3);
    expect(input[0]?.tools?.slice(own)).toMatchObject([
      { type: 'namespace', name: 'mcp__docs', tools: [{ type: 'function', name: 'find', parameters }] },
      { type: 'namespace', name: 'mcp__files', tools: [{ type: 'function', name: 'read', parameters }] },
    ]);
    const added = json.length - request.json.length;
    const at = json.indexOf(',{"type":"namespace","name":"mcp__docs"');
    const rest = Buffer.concat([json.subarray(0, at), json.subarray(at + added)]);
    expect(rest.equals(request.json)).toBe(true);
  });

  test('a lite request without groups gets functions', () => {
    const body = '{"input":[{"type":"additional_tools","tools":[{"type":"function","name":"x"}]}]}';
    const { json } = withTools(requestOf('responses', body), [find]);
    expect(json.toString()).toBe(body.replace('"x"}', `"x"},${written.responses}`));
  });

  test('a group that Codex has its model search for is its own [MCP-2]', () => {
    const said =
      '<tools>\nDeferred tool namespaces:\n- mcp__docs\n- multi_agent_v1: x\n</tools>\n- mcp__files';
    const input = [{ role: 'developer', content: [{ type: 'input_text', text: said }] }];
    const { hasGroup } = readTools(Buffer.from(JSON.stringify({ input })));
    expect(['mcp__docs', 'mcp__files'].map((group) => hasGroup?.(group))).toEqual([true, false]);
  });

  test('so is one whose tools the code of its model calls', () => {
    const exec = { type: 'custom', name: 'exec', description: 'tools.mcp__docs__find({})' };
    const group = { type: 'namespace', name: 'functions', tools: [exec] };
    const body = JSON.stringify({ input: [{ type: 'additional_tools', tools: [group] }] });
    expect(
      ['mcp__docs', 'mcp__files'].map((group) => readTools(Buffer.from(body)).hasGroup?.(group)),
    ).toEqual([true, false]);
  });
});

describe('requests that cannot have them', () => {
  test('the legacy API has no tools; several answers at once, and functions of the old kind, leave no room', () => {
    expect(codecOf('completions').request.tools).toBeUndefined();
    const { read: readTools } = toolsOf('chat');
    for (const body of ['{"n":2}', '{"functions":[{"name":"a"}]}'])
      expect(readTools(Buffer.from(body)).isFree).toBe(false);
    expect(readTools(Buffer.from('{"n":1}')).isFree).toBe(true);
  });
});
