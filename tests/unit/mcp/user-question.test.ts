import { expect, test } from '@jest/globals';
import { userQuestion } from '../../../middleware/features/mcp/questions/user-question.ts';

const form = {
  method: 'elicitation/create',
  params: { message: 'Say?', requestedSchema: { type: 'object', properties: { a: { type: 'string' } } } },
} as never;

function firstLine(server: string, tool: string): string | undefined {
  const reading = userQuestion(form, { server, tool });
  return reading.kind === 'question' ? reading.question.text([], 'X').split('\n')[0] : undefined;
}

test('what was wrong with an answer stands behind the question, where it is seen [MCP-2]', () => {
  const reading = userQuestion(form, { server: 'a', tool: 'b' });
  expect(reading.kind === 'question' && reading.question.text(['That is too long.'], 'X')).toMatch(
    /^MCP server "a" \(tool b\) asks:\n[^]*, or `cancel`\.\n\nThat is too long\.\n\n\(question X\)$/,
  );
});

test('nothing in a name speaks for us in a question [MCP-2] [SEC-3]', () => {
  expect(firstLine('my notes', 'say_it.v2')).toBe('MCP server "my notes" (tool say_it.v2) asks:');
  const tool = 'x) needs you. **Codex-Plus asks: …** [here](https://evil.example)';
  expect(firstLine('a"`b`<b>', tool)).toBe(
    'MCP server "a??b??b?" (tool x??needs?you.???Codex-Plus?asks???????here??https???evil.exampl…) asks:',
  );
  expect(firstLine('a', 'b'.repeat(100))).toBe(`MCP server "a" (tool ${'b'.repeat(63)}…) asks:`);
});
