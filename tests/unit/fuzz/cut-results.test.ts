import { expect, test } from '@jest/globals';
import type { CallToolResult } from '@modelcontextprotocol/client';
import fc from 'fast-check';
import { cleanedResult } from '../../../middleware/features/mcp/definitions/clean-result.ts';
import { boundedResult } from '../../../middleware/features/mcp/gateway/bounded-result.ts';
import { outcomeOf } from '../../../middleware/features/mcp/tool-outcome.ts';
import { createSecretRemover } from '../../../middleware/platform/telemetry/without-secrets.ts';
import { holds } from '../../support/fuzz.ts';

const clean = createSecretRemover({ held: () => ['a secret of ours'], shapes: true });
const text = fc
  .array(
    fc.constantFrom('word ', 'a secret of ours', 'ghp_0123456789abcdefghijklmnop ', 'é', '\u200B', '\n'),
    {
      maxLength: 60,
    },
  )
  .map((parts) => parts.join(''));
const uri = fc.constantFrom('a://b', 'file:///a/longer/one');
const words = text.map((said) => ({ type: 'text', text: said }));
const picture = fc.constant({ type: 'image', data: 'a secret of ours', mimeType: 'image/png' });
const other = fc.oneof(
  fc.tuple(uri, text).map(([at, said]) => ({ type: 'resource', resource: { uri: at, text: said } })),
  uri.map((at) => ({ type: 'resource', resource: { uri: at, blob: 'AAAA' } })),
  fc
    .tuple(uri, text, text)
    .map(([at, name, description]) => ({ type: 'resource_link', uri: at, name, description })),
);
const structured = fc.option(fc.dictionary(text, fc.oneof(text, fc.array(fc.oneof(text, fc.integer())))), {
  nil: undefined,
});

function made(content: readonly object[], structuredContent: object | undefined): CallToolResult {
  const result = { content, ...(structuredContent !== undefined && { structuredContent }) };
  return result as unknown as CallToolResult;
}

test('what is shown of a result is the same where no more of it was cleaned than that [MCP-5] [SEC-3]', async () => {
  await holds(
    [fc.array(fc.oneof(words, picture, other)), structured, fc.integer({ min: 1, max: 40 })],
    async (content, structuredContent, maxTokens) => {
      const result = made(content, structuredContent);
      const [whole, part] = [
        (await cleanedResult(result, clean)) as CallToolResult,
        (await cleanedResult(result, clean, maxTokens)) as CallToolResult,
      ];
      expect(outcomeOf(part, 'one', maxTokens)).toEqual(outcomeOf(whole, 'one', maxTokens));
    },
    500,
  );
});

// Where blocks that are never cut have no place, a later one may have it: those are not looked at any more at some time.
test('the same of texts and pictures for clients at /mcp [MCP-5] [SEC-3]', async () => {
  await holds(
    [fc.array(fc.oneof(words, picture)), structured, fc.integer({ min: 1, max: 40 })],
    async (content, structuredContent, maxTokens) => {
      const result = made(content, structuredContent);
      const [whole, part] = [
        (await cleanedResult(result, clean)) as CallToolResult,
        (await cleanedResult(result, clean, maxTokens)) as CallToolResult,
      ];
      expect(boundedResult(part, maxTokens)).toEqual(boundedResult(whole, maxTokens));
    },
    500,
  );
});
