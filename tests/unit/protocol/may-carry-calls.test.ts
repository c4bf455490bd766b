import { describe, expect, test } from '@jest/globals';
import { asksForBackground } from '../../../middleware/protocol/asks-for-background.ts';
import { mayCarryCalls } from '../../../middleware/protocol/may-carry-calls.ts';

const carrying = [
  'GET /responses/resp_1',
  'GET /responses/resp_1?stream=true&starting_after=4',
  'GET /responses/resp_1/',
  'GET /responses/resp_1/input_items',
  'POST /responses/resp_1/cancel',
  'GET /chat/completions',
  'GET /chat/completions/chatcmpl-1',
  'GET /chat/completions/chatcmpl-1/messages',
  'POST /messages/batches',
  'GET /messages/batches/b1/results',
  'GET /conversations/c1/items',
  'POST /realtime/client_secrets',
  'POST /realtime/calls',
  'POST /live/sessions',
  'POST /assistants',
  'POST /threads/t1/runs',
  'POST /batches',
  'GET /files/file-1/content',
  'POST /models/gemini:generateContent',
  'POST /v1beta/models/gemini:streamGenerateContent?alt=sse',
  'POST /v1beta/interactions',
  'POST /engines/gpt-5/chat/completions',
  'POST /openai/deployments/gpt-5/chat/completions?api-version=1',
  'POST /anthropic/v1/messages',
  'POST /vertex_ai/v1/projects/p/models/m:rawPredict',
  'POST /a2a/agent/message/send',
];

const callFree = [
  'GET /models',
  'GET /models/gpt-5',
  'POST /embeddings',
  'POST /audio/speech',
  'POST /audio/transcriptions',
  'POST /images/generations',
  'POST /moderations',
  'POST /rerank',
  'POST /files',
  'GET /files/file-1',
  'GET /batches/b1',
  'POST /batches/b1/cancel',
  'POST /vector_stores/v1/search',
  'GET /containers/c1/files/f1/content',
  'POST /videos',
  'DELETE /responses/resp_1',
  'OPTIONS /responses/resp_1',
  'POST /responses/input_tokens',
  'POST /responses/compact',
  'POST /messages/count_tokens?beta=true',
  'POST /v1beta/models/gemini:countTokens',
  'POST /openai/deployments/e/embeddings',
  'POST /key/generate',
  'GET /ui/',
  'GET /responsesx',
];

function says(line: string): boolean {
  const [method = '', path = ''] = line.split(' ');
  return mayCarryCalls(method, path);
}

describe('a path that no feature owns', () => {
  test('may carry tool calls where an answer of a model can be read from it [SEC-1]', () => {
    expect(carrying.filter((line) => !says(line))).toEqual([]);
  });

  test('carries none where no answer of a model comes from it [PX-1]', () => {
    expect(callFree.filter(says)).toEqual([]);
  });
});

describe('a call of the Responses API', () => {
  test('asks for an answer in the background unless it plainly does not [SEC-1]', () => {
    const asks = (body: string): boolean => asksForBackground(Buffer.from(body));
    expect(asks('{"background":true}')).toBe(true);
    expect(asks('{"\\u0062ackground": 1}')).toBe(true);
    expect(asks('{"background":false,"background":"true"}')).toBe(true);
    expect(asks('{"extra_body":{"background":true}}')).toBe(true);
    expect(asks('{"background": false , "input":"background"}')).toBe(false);
    expect(asks('{"background":null,"extra_body":{"background":false}}')).toBe(false);
    expect(asks('{"metadata":{"background":true}}')).toBe(false);
  });
});
