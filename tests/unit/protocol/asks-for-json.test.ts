import { expect, test } from '@jest/globals';
import type { Api, ApiRequest } from '../../../middleware/kernel/exchange.ts';
import { asksForJson } from '../../../middleware/protocol/asks-for-json.ts';

function request(api: Api, more: object): ApiRequest {
  const json = Buffer.from(JSON.stringify({ model: 'm', ...more }));
  const head = { model: 'm', stream: true };
  return { api, path: '/', headers: [], raw: json, contentEncoding: undefined, json, head };
}

test.each<[Api, object]>([
  ['responses', { text: { verbosity: 'low', format: { type: 'json_schema', name: 'n', schema: {} } } }],
  ['responses', { text: { format: { type: 'json_object' } } }],
  ['chat', { response_format: { type: 'json_object' } }],
  ['messages', { output_config: { format: { type: 'json_schema', schema: {} } } }],
  ['messages', { output_format: { type: 'json_schema', schema: {} } }],
])('a request of %s is for JSON: %j [HK-1]', (api, more) => {
  expect(asksForJson(request(api, more))).toBe(true);
});

test.each<[Api, object]>([
  ['responses', {}],
  ['responses', { text: { verbosity: 'low' } }],
  ['responses', { text: { format: { type: 'text' } }, response_format: { type: 'json_object' } }],
  ['chat', { response_format: { type: 'text' }, text: { format: { type: 'json_object' } } }],
  ['chat', { response_format: null }],
  ['messages', { output_config: { effort: 'low' } }],
])('a request of %s is for text: %j [HK-1]', (api, more) => {
  expect(asksForJson(request(api, more))).toBe(false);
});
