import { stampText } from './stamp.ts';

/** Headers that LiteLLM sends with an answer of OpenAI: its own, and the provider's under other names. */
const headerLines = [
  'date: Mon, 24 Aug 2026 09:00:00 GMT',
  'server: uvicorn',
  'x-litellm-call-id: 0c7a2e3c-2f4e-4a58-9d07-0f1a1b6f7c11',
  'x-litellm-model-id: 3f0d8a6e5a9c4b0f8f0e6a8d5b3f9f62',
  'x-litellm-model-name: openai/gpt-5.5',
  'x-litellm-model-api-base: https://api.openai.com/v1',
  'x-litellm-model-group: gpt-5.5',
  'x-litellm-version: 1.106.2',
  'x-litellm-response-cost: 0.0123',
  'x-litellm-response-duration-ms: 812.4',
  'x-litellm-overhead-duration-ms: 9.8',
  'x-litellm-attempted-retries: 0',
  'x-litellm-attempted-fallbacks: 0',
  'x-ratelimit-limit-requests: 10000',
  'x-ratelimit-limit-tokens: 2000000',
  'x-ratelimit-remaining-requests: 9999',
  'x-ratelimit-remaining-tokens: 1999000',
  'llm_provider-openai-organization: org-made-up',
  'llm_provider-openai-processing-ms: 790',
  'llm_provider-openai-version: 2020-10-01',
  'llm_provider-x-request-id: req_0123456789abcdef0123456789abcdef',
  'llm_provider-cf-ray: 0123456789abcdef-FRA',
  'llm_provider-strict-transport-security: max-age=31536000; includeSubDomains; preload',
]
  .map((line) => `${line}\r\n`)
  .join('');

/** The head of a JSON answer; its length and an empty line follow. */
export const jsonHead = `HTTP/1.1 200 OK\r\n${headerLines}content-type: application/json\r\n`;

/** The head of an event stream, whole. */
export const streamHead = `HTTP/1.1 200 OK\r\n${headerLines}content-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n`;

const words = ' the tests pass now and the change is small';

function responseObject(status: string, output: string, usage: string): string {
  return `{"id":"resp_0001","object":"response","created_at":1790000000,"status":"${status}","error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":null,"model":"gpt-5.5","output":[${output}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":"medium","summary":null},"store":false,"temperature":1.0,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1.0,"truncation":"disabled","usage":${usage},"user":null,"metadata":{}}`;
}

function messageItem(text: string): string {
  return `{"id":"msg_0001","type":"message","status":"completed","content":[{"type":"output_text","annotations":[],"logprobs":[],"text":"${text}"}],"role":"assistant"}`;
}

const usage =
  '{"input_tokens":15000,"input_tokens_details":{"cached_tokens":14000},"output_tokens":420,"output_tokens_details":{"reasoning_tokens":128},"total_tokens":15420}';

/** An answer of about a kilobyte, stamped. */
export function jsonAnswer(requestCompleteAt: number): string {
  return responseObject('completed', messageItem(stampText(requestCompleteAt) + words), usage);
}

/** The piece of a stream with this index: a delta, stamped now, for the first ones; the end for the one after them. */
export function streamPiece(index: number, deltas: number, requestCompleteAt: number): string {
  if (index === deltas) return closing(deltas);
  const at = '"item_id":"msg_0001","output_index":0,"content_index":0';
  const text = stampText(requestCompleteAt) + words;
  const delta = eventText('response.output_text.delta', index + 2, `${at},"delta":"${text}","logprobs":[]`);
  return index === 0 ? opening + delta : delta;
}

/** An answer that is a call of a tool, in two pieces: the call, and the end. */
export function callPieces(tool: string): readonly [string, string] {
  const item = (status: string, input: string): string =>
    `{"id":"fc_0001","type":"function_call","status":"${status}","arguments":"${input}","call_id":"call_0001","name":"${tool}"}`;
  const input = '{\\"path\\":\\"src/main.ts\\"}';
  const at = '"item_id":"fc_0001","output_index":0';
  const done = item('completed', input);
  return [
    created +
      eventText('response.output_item.added', 1, `"output_index":0,"item":${item('in_progress', '')}`) +
      eventText('response.function_call_arguments.delta', 2, `${at},"delta":"${input}"`) +
      eventText('response.function_call_arguments.done', 3, `${at},"arguments":"${input}"`) +
      eventText('response.output_item.done', 4, `"output_index":0,"item":${done}`),
    eventText('response.completed', 5, `"response":${responseObject('completed', done, usage)}`),
  ];
}

const created = eventText('response.created', 0, `"response":${responseObject('in_progress', '', 'null')}`);

const opening =
  created + eventText('response.output_item.added', 1, `"output_index":0,"item":${messageItem('')}`);

function closing(deltas: number): string {
  const item = messageItem(words);
  return (
    eventText('response.output_item.done', deltas + 2, `"output_index":0,"item":${item}`) +
    eventText('response.completed', deltas + 3, `"response":${responseObject('completed', item, usage)}`)
  );
}

function eventText(type: string, sequence: number, rest: string): string {
  return `event: ${type}\ndata: {"type":"${type}","sequence_number":${sequence},${rest}}\n\n`;
}
