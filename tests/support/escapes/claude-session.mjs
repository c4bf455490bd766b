// Inside of the sandbox: Claude Code against a model that asks for one shell line after the other. Arguments: a file with `program`,
// `options` and `lines`, and the file that the results go to.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [orders, report] = process.argv.slice(2);
const { program, options, lines } = JSON.parse(readFileSync(orders, 'utf8'));
const results = [];
let asked = 0;

/** What Claude Code says of the last line. */
function note(messages) {
  const blocks = messages.flatMap(({ content }) => (Array.isArray(content) ? content : []));
  const result = blocks.findLast(
    ({ type, tool_use_id: id }) => type === 'tool_result' && id === `toolu_${asked}`,
  );
  if (result === undefined) return;
  const texts = Array.isArray(result.content) ? result.content.map(({ text }) => text) : [result.content];
  results.push({ line: lines[asked - 1], text: texts.join('\n') });
}

function nextBlock(body) {
  // What has no tools is a call beside the conversation.
  if (!body.tools?.length) return { type: 'text', text: 'OK' };
  note(body.messages);
  const line = lines[asked];
  if (line === undefined) return { type: 'text', text: 'OK' };
  asked += 1;
  return {
    type: 'tool_use',
    id: `toolu_${asked}`,
    name: 'Bash',
    input: { command: line, description: 'a line' },
  };
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  if (request.method !== 'POST' || !/\/messages(?:\?|$)/.test(request.url)) {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"input_tokens":10}');
    return;
  }
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  const block = nextBlock(body);
  const isCall = block.type === 'tool_use';
  const message = {
    id: `msg_${asked}`,
    type: 'message',
    role: 'assistant',
    model: body.model,
    content: [block],
  };
  const end = { stop_reason: isCall ? 'tool_use' : 'end_turn', stop_sequence: null };
  const usage = { input_tokens: 10, output_tokens: 5 };
  if (!body.stream) {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ ...message, ...end, usage }));
    return;
  }
  const send = (type, more) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  send('message_start', { message: { ...message, content: [], stop_reason: null, usage } });
  send('content_block_start', {
    index: 0,
    content_block: isCall ? { ...block, input: {} } : { ...block, text: '' },
  });
  const delta = isCall
    ? { type: 'input_json_delta', partial_json: JSON.stringify(block.input) }
    : { type: 'text_delta', text: block.text };
  send('content_block_delta', { index: 0, delta });
  send('content_block_stop', { index: 0 });
  send('message_delta', { delta: end, usage });
  send('message_stop', {});
  response.end();
});

server.listen(0, '127.0.0.1', () => {
  const env = { ...process.env, ANTHROPIC_BASE_URL: `http://127.0.0.1:${server.address().port}` };
  const child = spawn(program, [...options, '-p', 'go'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  child.on('close', (code) => {
    writeFileSync(report, JSON.stringify(results));
    process.exit(code ?? 1);
  });
});
