import { expect, test } from '@jest/globals';
import { callOwnTool } from '../../../middleware/http/gateway/call-own-tool.ts';
import type { OwnToolCaller } from '../../../middleware/http/own-tools/own-tool.ts';

test('the schema of a tool of ours is compiled once [MCP-3]', async () => {
  let looks = 0;
  const tool = {
    ...{ name: 'say', description: 'Says it.' },
    get inputSchema() {
      looks += 1;
      return { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] };
    },
    call: ({ text }: { readonly text?: unknown }) => String(text),
  };
  const by = {} as OwnToolCaller;
  const said = { content: [{ type: 'text', text: 'x' }] };
  for (let at = 0; at < 2; at += 1) expect(await callOwnTool(tool, { text: 'x' }, by)).toEqual(said);
  await expect(callOwnTool(tool, {}, by)).rejects.toThrow('Invalid arguments for tool say');
  expect(looks).toBe(1);
});
