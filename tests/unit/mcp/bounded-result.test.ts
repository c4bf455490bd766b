import { describe, expect, test } from '@jest/globals';
import {
  boundedPrompt,
  boundedResult,
  visibleResource,
} from '../../../middleware/features/mcp/gateway/bounded-result.ts';
import { truncated } from '../../support/mcp/truncated.ts';

const maxTokens = 100;
const note = { type: 'text' as const, text: truncated(100) };
const link = { type: 'resource_link' as const, name: 'n', uri: 'file:///n' };
const hidden = 'a\u001b[2J\u202eb';
const shown = 'a\uFFFD[2J\uFFFDb';

describe('what /mcp gives its clients of a result', () => {
  test('has links only where there is room for them: they are not cut [MCP-5]', () => {
    const text = { type: 'text' as const, text: 'kept' };
    const long = { ...link, uri: `file:///${'x'.repeat(5_000_000)}` };
    expect(boundedResult({ content: [long, text, link] }, maxTokens).content).toEqual([text, link, note]);
    const icons = [{ src: `data:image/png;base64,${'A'.repeat(1_000)}` }];
    expect(boundedResult({ content: [{ ...link, icons }] }, maxTokens).content).toEqual([note]);
    const many = Array.from({ length: 100 }, () => link);
    expect(boundedResult({ content: many }, maxTokens).content.length).toBeLessThan(12);
  });

  test('has no more texts than it may have tokens, empty or not [MCP-5]', () => {
    for (const text of ['', 'x', 'longer']) {
      const content = Array.from({ length: 10_000 }, () => ({ type: 'text' as const, text }));
      expect(boundedResult({ content }, maxTokens).content.length).toBeLessThanOrEqual(maxTokens + 1);
    }
  });

  test('is looked at up to a bound, where little of it is seen [MCP-5]', () => {
    const text = `${'\u200b'.repeat(10_000)}seen`;
    const kept = { type: 'text' as const, text: 'kept' };
    expect(boundedResult({ content: [kept, { type: 'text', text }] }, maxTokens).content).toEqual([
      kept,
      { type: 'text', text: '' },
      note,
    ]);
  });

  test('counts the addresses of resources that come with it [MCP-5]', () => {
    const resource = { uri: `file:///${'x'.repeat(1_000)}`, blob: 'QUJD' };
    expect(boundedResult({ content: [{ type: 'resource', resource }] }, maxTokens).content).toEqual([note]);
    const text = { type: 'resource' as const, resource: { uri: 'file:///r', text: 'x'.repeat(1_000) } };
    expect(boundedResult({ content: [text] }, maxTokens).content).toEqual([
      { ...text, resource: { uri: 'file:///r', text: 'x'.repeat(391) } },
      note,
    ]);
  });

  test('has no control characters in all that a link or a resource says [MCP-2]', () => {
    const told = { ...link, name: hidden, title: hidden, description: hidden, uri: hidden };
    const resource = { uri: hidden, text: hidden };
    expect(boundedResult({ content: [told, { type: 'resource', resource }] }, maxTokens).content).toEqual([
      { ...link, name: shown, title: shown, description: shown, uri: shown },
      { type: 'resource', resource: { uri: shown, text: shown } },
    ]);
  });
});

test('what a prompt says has the bounds of a result [MCP-2]', () => {
  const said = (text: string) => ({ role: 'assistant' as const, content: { type: 'text' as const, text } });
  expect(boundedPrompt({ description: hidden, messages: [said(hidden)] }, maxTokens)).toEqual({
    description: shown,
    messages: [said(shown)],
  });
  expect(boundedPrompt({ messages: [said('x'.repeat(500)), said('more')] }, maxTokens).messages).toEqual([
    said('x'.repeat(400)),
    { role: 'user', content: note },
  ]);
});

test('what a resource says has no control characters, and is whole [MCP-2]', async () => {
  const text = hidden.repeat(1_000);
  const contents = [
    { uri: 'file:///r', text },
    { uri: hidden, blob: 'QUJD' },
  ];
  const { contents: seen } = await visibleResource({ contents });
  expect(seen).toEqual([
    { uri: 'file:///r', text: shown.repeat(1_000) },
    { uri: shown, blob: 'QUJD' },
  ]);
});
