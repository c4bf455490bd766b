import { expect, test } from '@jest/globals';
import { Samplings, type AskModel } from '../../../middleware/features/mcp/questions/samplings.ts';
import { readSampling } from '../../../middleware/features/mcp/questions/read-sampling.ts';
import { collectedLog } from '../../support/collected-log.ts';

const { signal } = new AbortController();
const messages = [{ role: 'user', content: { type: 'text', text: 'Which?' } }] as const;

function samplings(askModel: AskModel | undefined): Samplings {
  return new Samplings({ server: 'one', tool: 'ask', log: collectedLog().log }, askModel);
}

function saying(text: string, isCut = false): AskModel {
  return () => Promise.resolve({ text, model: 'm', isCut });
}

function answerOf(askModel: AskModel | undefined, maxTokens = 20): Promise<unknown> {
  return samplings(askModel).answer({ params: { messages: [...messages], maxTokens } }, signal);
}

test.each([
  [{ messages, tools: [] }, 'it offers tools to the model'],
  [{ messages, toolChoice: { mode: 'none' } }, 'it offers tools to the model'],
  [undefined, 'it has no messages'],
  [{ messages: [{ role: 'user', content: [] }] }, 'one of its messages is empty'],
  [
    { messages: [{ role: 'system', content: { type: 'text', text: 'x' } }] },
    'one of its messages is neither of the user nor of the model',
  ],
  [{ messages: Array.from({ length: 101 }, () => messages[0]) }, 'it has more than 100 messages'],
  [
    { messages: [{ role: 'user', content: { type: 'tool_result', toolUseId: '1', content: [] } }] },
    'it has content of another kind than text and images: tool_result',
  ],
  [
    { messages: [{ role: 'user', content: { type: { toString: 1, valueOf: 1 } } }] },
    'it has content of another kind than text and images: object',
  ],
  [
    { messages: [{ role: 'user', content: { type: 'image', data: { toString: 1, valueOf: 1 } } }] },
    'one of its images is too large, or of another kind',
  ],
])('a question for a model that is none of ours is refused: %j [MCP-2] [SEC-1]', (params, fault) => {
  expect(readSampling(params)).toEqual({ kind: 'refused', fault });
});

test.each([
  [undefined, 4_096],
  [1, 16],
  [99.9, 99],
  [1e9, 4_096],
])('a question for %p tokens is put for %p [MCP-2]', (maxTokens, tokens) => {
  const reading = readSampling({ messages, maxTokens, systemPrompt: ' ', includeContext: 'thisServer' });
  const said = { role: 'user', parts: [{ kind: 'text', text: 'Which?' }] };
  const sampling = { instructions: 'Answer what you are asked.', messages: [said], maxTokens: tokens };
  expect(reading).toEqual({ kind: 'good', sampling });
});

test('an answer that was cut off, here or by the upstream, says so [MCP-2]', async () => {
  expect(await answerOf(saying('Blue.'))).toMatchObject({ stopReason: 'endTurn' });
  expect(await answerOf(saying('Blu', true))).toMatchObject({ stopReason: 'maxTokens' });
  const content = { type: 'text', text: 'x'.repeat(160) };
  expect(await answerOf(saying('x'.repeat(161)))).toMatchObject({ content, stopReason: 'maxTokens' });
});

test('a server hears why there is no answer [MCP-2]', async () => {
  await expect(answerOf(undefined)).rejects.toThrow('this server may not ask the model');
  await expect(answerOf(saying('', true))).rejects.toThrow('the model said nothing within 20 tokens');
});
