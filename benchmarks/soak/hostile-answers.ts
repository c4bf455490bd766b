/** An answer as raw bytes; `pause`: nothing more comes after it until the other side gives up. */
export interface RawAnswer {
  readonly bytes: Buffer;
  readonly then: 'end' | 'reset' | 'silence';
}

const events = ['content-type: text/event-stream', 'connection: close'];
const json = ['content-type: application/json', 'connection: close'];

const created = 'event: response.created\ndata: {"type":"response.created","response":{"id":"resp_1"}}\n\n';
const text = (words: string): string =>
  `event: response.output_text.delta\ndata: ${JSON.stringify({ type: 'response.output_text.delta', item_id: 'm', output_index: 0, content_index: 0, delta: words })}\n\n`;
const completed =
  'event: response.completed\ndata: {"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[],"usage":{"input_tokens":3,"output_tokens":2,"total_tokens":5}}}\n\n';
const call = (id: number): string => {
  const item = {
    ...{ id: `fc_${id}`, type: 'function_call', call_id: `call_${id}`, name: 'shell' },
    arguments: JSON.stringify({ command: ['bash', '-lc', id % 2 === 0 ? 'rm -rf x' : 'ls'] }),
  };
  const at = { output_index: 0 };
  return [
    { type: 'response.output_item.added', ...at, item: { ...item, arguments: '' } },
    { type: 'response.function_call_arguments.delta', ...at, item_id: item.id, delta: item.arguments },
    { type: 'response.function_call_arguments.done', ...at, item_id: item.id, arguments: item.arguments },
    { type: 'response.output_item.done', ...at, item },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
};

function answer(
  status: string,
  headers: readonly string[],
  body: string,
  then: RawAnswer['then'] = 'end',
): RawAnswer {
  return { bytes: Buffer.from(`HTTP/1.1 ${status}\r\n${headers.join('\r\n')}\r\n\r\n${body}`), then };
}

/** What a provider that works says, streamed or not. */
export function soundAnswer(streamed: boolean): RawAnswer {
  return streamed
    ? answer('200 OK', events, created + text('Hello.') + completed)
    : answer('200 OK', json, '{"id":"resp_1","object":"response","status":"completed","output":[]}');
}

/** What an upstream that is broken, or means harm, says. By name, so that a fault can be told. */
export const hostileAnswers: Readonly<Record<string, (count: number) => RawAnswer>> = {
  phraseWithControls: () => answer('200 O\u0001K', events, created + completed),
  phraseOutsideLatin: () => answer('200 日本', json, '{}'),
  malformedHeader: () => answer('200 OK', ['x y: 1', 'content-type: text/html'], '<p>'),
  headerWithControls: () => answer('200 OK', ['x: a\u0000b', ...json], '{}'),
  switchesUnasked: () => answer('101 Switching Protocols', ['upgrade: x', 'connection: upgrade'], ''),
  continuesUnasked: () =>
    answer('100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK', json, '{}'),
  noAnswer: () => ({ bytes: Buffer.alloc(0), then: 'end' }),
  reset: () => ({ bytes: Buffer.alloc(0), then: 'reset' }),
  resetInside: () => answer('200 OK', events, created + text('Half'), 'reset'),
  endsInside: () => answer('200 OK', events, `${created}data: {"type":"resp`),
  endsEarly: () => answer('200 OK', events, created + text('Half')),
  htmlForEvents: () => answer('200 OK', ['content-type: text/html'], '<html>busy</html>'),
  serverError: () => answer('500 Internal Server Error', json, '{"error":{"message":"overloaded"}}'),
  errorInside: () =>
    answer('200 OK', events, `${created}event: error\ndata: {"type":"error","message":"broke"}\n\n`),
  failedInside: () =>
    answer(
      '200 OK',
      events,
      `${created}event: response.failed\ndata: {"type":"response.failed","response":{"id":"resp_1","status":"failed","error":{"message":"no"}}}\n\n`,
    ),
  largeEvent: () => answer('200 OK', events, created + text('x'.repeat(3_000_000)) + completed),
  manyEvents: () => answer('200 OK', events, created + text('word ').repeat(5_000) + completed),
  deepEvent: () => answer('200 OK', events, `${created}data: ${'['.repeat(50_000)}\n\n${completed}`),
  wrongChunks: () => answer('200 OK', [...events, 'transfer-encoding: chunked'], 'zz\r\nhello\r\n'),
  wrongLength: () => answer('200 OK', ['content-length: 99', 'content-type: application/json'], '{}'),
  calls: (count) => answer('200 OK', events, created + call(count) + completed),
};
