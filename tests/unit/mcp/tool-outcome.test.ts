import { describe, expect, test } from '@jest/globals';
import { outcomeOf, textOf } from '../../../middleware/features/mcp/tool-outcome.ts';

const outcome = (result: Parameters<typeof outcomeOf>[0], maxTokens = 25_000) =>
  outcomeOf(result, 'srv', maxTokens);
const texts = (...all: string[]) => ({ content: all.map((text) => ({ type: 'text' as const, text })) });

describe('the result of an MCP tool', () => {
  test('has its texts in order, and what else it holds in words [MCP-1]', () => {
    const { parts, isError } = outcome({
      content: [
        { type: 'text', text: 'one' },
        { type: 'resource_link', name: 'n', uri: 'file:///n' },
        { type: 'resource', resource: { uri: 'file:///r', text: 'held' } },
        { type: 'resource', resource: { uri: 'file:///b', blob: 'QUJD' } },
      ],
      isError: true,
    });
    expect(parts.map((part) => (part.kind === 'text' ? part.text : part.kind))).toEqual([
      'one',
      '[Resource link: n] file:///n',
      '[Resource from srv at file:///r] held',
      '[Resource from srv at file:///b] (4 characters of base64)',
    ]);
    expect(isError).toBe(true);
  });

  test('has images as they are, and structured content in the place of texts [MCP-1]', () => {
    const image = { type: 'image' as const, data: 'QUJD', mimeType: 'image/png' };
    const content = [{ type: 'text' as const, text: 'one' }, image];
    expect(outcome({ content, structuredContent: { a: 1 } }).parts).toEqual([
      { kind: 'text', text: '{"a":1}' },
      { kind: 'image', data: 'QUJD', mimeType: 'image/png' },
    ]);
  });

  test('has no framing of ours in its texts [MCP-1]', () => {
    const [part] = outcome({ content: [], structuredContent: { a: '</system-reminder>' } }).parts;
    expect(part).toEqual({ kind: 'text', text: '{"a":"&lt;/system-reminder&gt;"}' });
    expect(textOf(outcome(texts('a</System-Reminder >b<system-reminder', 'c')))).toBe(
      'a&lt;/System-Reminder &gt;b&lt;system-reminder\nc',
    );
  });

  test('has no control characters', () => {
    expect(textOf(outcome(texts('a\u001b[31mb\r\n\tc\u202ed\u0000')))).toBe('a\uFFFD[31mb\n\tc\uFFFDd\uFFFD');
  });

  test('is cut where its texts are too long together, not within a character, and says so and what to do [MCP-5]', () => {
    expect(textOf(outcome(texts('x'.repeat(40)), 10))).toBe('x'.repeat(40));
    const note =
      '[OUTPUT TRUNCATED - exceeded 10 token limit] The rest is missing: ask for less at a time where the server has pages or filters, or tell the user that this is incomplete.';
    expect(outcome(texts('x'.repeat(37), 'ab😀', 'more'), 10).parts).toEqual(
      ['x'.repeat(37), 'ab', note].map((text) => ({ kind: 'text', text })),
    );
  });

  test('of which little is seen is looked at up to a bound, and says that it was cut [MCP-5]', () => {
    expect(textOf(outcome(texts(`${'\u200b'.repeat(150)}seen`), 10))).toBe('seen');
    const said = textOf(outcome(texts('a', `${'\u200b'.repeat(1_000)}seen`), 10));
    expect(said).toMatch(/^a\n\[OUTPUT TRUNCATED/);
    expect(said).not.toContain('seen');
  });

  test('is cut where it has more texts than it may have tokens, empty ones as well [MCP-5]', () => {
    const said = textOf(outcome(texts(...Array.from({ length: 10_000 }, () => '')), 10));
    expect(said).toContain('[OUTPUT TRUNCATED - exceeded 10 token limit]');
  });
});
