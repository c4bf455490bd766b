import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { pathBelowRoot } from '../../../middleware/protocol/api-path.ts';
import { asksForBackground } from '../../../middleware/protocol/apis/responses/asks-for-background.ts';
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
  'POST /queue/chat/completions',
  'POST /eu.assemblyai/lemur/v3/generate/task',
  // Read as they mean to a server that decodes them.
  'POST /v1beta/models/gemini%3AgenerateContent',
  'POST /models/gemini%3agenerateContent',
  'POST /v1beta/models/gemini%3AstreamGenerateContent?alt=sse',
  'GET /files/file-1%2Fcontent',
  'GET /files/file-1%252Fcontent',
  'GET /models/%zz',
  // A provider's name may be any word, that of something else too.
  'GET /key/v1/files/file-1/content',
  'GET /vector_stores/v1/files/file-1/content',
  'POST /key/v1/batches',
  'POST /a2a/token',
  'POST /a2a/mcp',
  'GET /files/a/b/content',
  // Other letters, a prefix of a server's own, and what nobody knows.
  'POST /Chat/Completions',
  'POST /litellm-root/chat/completions',
  'POST /litellm/v1/chat/completions',
  'POST /gateway/anthropic/v1/messages',
  'POST /provider/bedrock/model/m/invoke',
  'GET /litellm/files/f/content',
  'POST /litellm/v1beta/models/m:generateContent',
  'POST /containers/chat/completions',
  'POST /skills/v1/messages',
  'POST /agents/a/message/send',
  'POST /model/x/converse',
  'POST /model/x/converse-stream',
  'GET /responsesx',
  'POST /route/of/tomorrow',
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
  'GET /models/llama3%3A8b',
  'GET /models/meta%2Fllama',
  'POST /v1beta/models/gemini%3AcountTokens',
  'POST /alpha/search',
  'POST /github/mcp',
  'GET /credentials/by_name/openai',
];

/** Of the installed LiteLLM: for each of its routes whether the answer is, or has in it, what a model said. */
const listed = readFileSync('tests/fixtures/litellm-routes.txt', 'utf8').trim().split('\n');
const litellm = listed.slice(1).map((line) => {
  const [kind = '', method = '', route = ''] = line.split(/ +/);
  return { kind, method, route };
});

/** A route as it may be called: whatever stands for a part of it may have slashes in it where LiteLLM says so. */
function callsOf({ method, route }: (typeof litellm)[number], ofPath: string): string {
  const path = route.replaceAll(/\{[^}]+:path\}/g, ofPath).replaceAll(/\{[^}]+\}/g, 'name');
  return `${method} ${pathBelowRoot(path)}`;
}

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

  test('is judged as its answer is, for each route of the LiteLLM that is installed [SEC-1] [PX-1]', () => {
    const [carries, free] = ['calls', 'free'].map((kind) => litellm.filter((route) => route.kind === kind));
    expect([...new Set(litellm.map(({ kind }) => kind))].sort()).toEqual(['calls', 'free']);
    for (const ofPath of ['name', 'a/b', 'key/info', 'x:y'])
      expect(carries?.map((route) => callsOf(route, ofPath)).filter((line) => !says(line))).toEqual([]);
    expect(free?.map((route) => callsOf(route, 'name')).filter(says)).toEqual([]);
  });

  test('is compared with the routes of the LiteLLM that is locked', () => {
    expect(readFileSync('litellm/requirements.in', 'utf8')).toContain(
      `litellm[proxy]==${listed[0]?.replace('# litellm ', '')}\n`,
    );
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
