import { describe, expect, test } from '@jest/globals';
import type { Tool } from '@modelcontextprotocol/client';
import { groupOf, offeredTools } from '../../../middleware/features/mcp/offer/offered-tool.ts';
import { questionIn } from '../../../middleware/features/mcp/questions/question-sign.ts';
import { userQuestion } from '../../../middleware/features/mcp/questions/user-question.ts';
import { withoutFraming } from '../../../middleware/protocol/conversation/without-framing.ts';
import { growsLinearly } from '../../support/grows-linearly.ts';

test('the work to name tools grows with their number, where none of their names can stay', () =>
  growsLinearly(
    (size): Tool[] =>
      Array.from({ length: size }, (_, at) => ({
        name: `a.${at}`,
        inputSchema: { type: 'object' as const },
      })),
    (tools) => offeredTools('one', tools),
    500,
  ));

test('the work to name servers grows with their number, where none of their names can stay', () =>
  growsLinearly(
    (size) => Array.from({ length: size }, (_, at) => `a.${at}`),
    (servers) => servers.map((server) => groupOf(server, servers)),
    500,
  ));

describe('the work for a text grows with its size, and no faster, where it is', () => {
  test.each([
    ['white space behind the beginning of a tag', '<', ' '],
    ['beginnings of tags', '', '< /'],
    ['beginnings of tags that never end', '', '<skill '],
  ] as const)('what others said, of %s', (_what, beginning, text) =>
    growsLinearly((size) => `${beginning}${text.repeat(size)}`, withoutFraming, 20_000),
  );

  test.each([
    'MCP server "',
    'MCP server "(tool x) ',
    'MCP server "a" (tool b) wants you to open a page of ',
  ])('an answer with many beginnings of a question: %s', (beginning) =>
    growsLinearly((size) => beginning.repeat(size) + sign, questionIn, 1_000),
  );
});

const sign = 'What you do there goes to neither the model nor Codex-Plus.';

describe('the longest question that a server may ask for a page', () => {
  const ask = (host: string): ReturnType<typeof userQuestion> =>
    userQuestion(
      {
        method: 'elicitation/create',
        params: { mode: 'url', url: `https://${host}/`, message: '', elicitationId: 'e' },
      },
      { server: 's'.repeat(100), tool: 't'.repeat(100) },
    );

  test('is found again in an answer [MCP-2]', () => {
    const reading = ask(`${'a.'.repeat(149)}de`);
    if (reading.kind !== 'question') throw new Error(reading.fault);
    const text = reading.question.text([], 'X');
    expect(text).toContain(sign);
    expect(questionIn(`Well.\n\n${text}`)).toBe(text);
  });

  test('has no longer host [MCP-2]', () => {
    expect(ask(`${'a.'.repeat(150)}de`)).toEqual({
      kind: 'refused',
      fault: 'the host of its link is longer than one can be',
    });
  });
});
