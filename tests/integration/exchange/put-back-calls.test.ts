import { describe, expect, test } from '@jest/globals';
import {
  allow,
  ask,
  call,
  deny,
  finalResponse,
  text,
  useCheckedBench,
  type Json,
} from '../../support/checked-bench.ts';
import { streams } from '../../support/fake-upstream/step.ts';

const bench = useCheckedBench();

/** The body of the nth request, as it went up. */
function bodyOf(index: number): string {
  return bench.upstream.requests[index]?.raw.toString() ?? '';
}

function messagesOf(index: number): readonly Json[] {
  return bench.upstream.requests[index]?.json?.['messages'] as readonly Json[];
}

describe('a conversation that comes again', () => {
  test('keeps the bytes of what the client wrote, beside what is put back [HK-2] [PX-2]', async () => {
    bench.decide({ rm: deny('no'), ls: allow });
    bench.answers([call('rm', 'c1'), call('ls', 'c2')], [text('Bye.')]);
    await ask(bench, 'responses', { input: [{ role: 'user', content: 'list' }] });
    const own =
      '{"role":"user","content":"list"},{ "type":"function_call", "n":1.0,"call_id":"c2","name":"ls","arguments":"{}" },{"type":"function_call_output","call_id":"c2","output":"\\u00e4"}';
    const { path, body } = { path: '/v1/responses', body: `{"model":"m","input":[${own}],"stream":true}` };
    await fetch(`${bench.middleware.url}${path}`, { method: 'POST', body });
    const [user, called, output] = own.split(/(?<=\}),(?=\{)/);
    expect(bodyOf(1)).toMatch(/^\{"model":"m","input":\[.*\],"stream":true\}$/);
    const rest = bodyOf(1).slice('{"model":"m","input":['.length);
    expect(rest.startsWith(`${user},{"id":"fc_0"`)).toBe(true);
    expect(rest).toContain(
      `},${called},{"type":"function_call_output","call_id":"c1","output":"no"},${output}]`,
    );
  });

  test('is one answer also where what came of its calls stands between them [HK-2]', async () => {
    const request = { type: 'mcp_approval_request', id: 'r1', server_label: 's', name: 'x', arguments: '{}' };
    const [rm, ls] = ['rm', 'ls'].map((name) => ({
      ...{ type: 'function_call', id: `f_${name}`, call_id: `c_${name}`, name, arguments: '{}' },
    }));
    const output = [request, rm, ls];
    const events = [
      ...output.map((item, index) => ({ type: 'response.output_item.done', output_index: index, item })),
      { type: 'response.completed', response: { id: 'r', output } },
    ];
    bench.decide({ rm: deny('no') });
    bench.upstream.use((_seen, index) =>
      index === 0
        ? streams(events.map((event) => `data: ${JSON.stringify(event)}\n\n`))
        : { kind: 'answer', items: [text('Bye.')] },
    );
    const hi = { role: 'user', content: 'ask and list' };
    await ask(bench, 'responses', { input: [hi] });
    const leave = { type: 'mcp_approval_response', approval_request_id: 'r1', approve: true };
    const listed = { type: 'function_call_output', call_id: 'c_ls', output: 'files' };
    await ask(bench, 'responses', { input: [hi, request, leave, ls, listed] });
    const refused = { type: 'function_call_output', call_id: 'c_rm', output: 'no' };
    expect(bench.upstream.requests[1]?.json?.['input']).toEqual([
      ...[hi, request, leave, rm, ls, refused, listed],
    ]);
  });

  test('says of a refused call that it failed, and of an answered one that it did not [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    bench.run({ own: () => ({ output: 'four', isError: false }) });
    bench.answers([call('rm', 'c1'), call('own', 'c2')], [text('Bye.')]);
    await ask(bench, 'messages', { messages: [{ role: 'user', content: 'try both' }] });
    expect(messagesOf(1).at(-1)?.['content']).toEqual([
      { type: 'tool_result', tool_use_id: 'c1', content: 'no', is_error: true },
      { type: 'tool_result', tool_use_id: 'c2', content: 'four' },
    ]);
  });

  test.each([
    { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'context' }] },
    { type: 'message', role: 'system', content: 'context' },
    { type: 'configuration_update', reasoning: { effort: 'low' } },
  ])('takes the answer to a question behind what a client puts between them: %j [HK-2]', async (between) => {
    const question = 'Run it?\n\nAllow? (Y)es/(N)o/(A)lways';
    bench.decide({ rm: { kind: 'ask', question, resolve: () => Promise.resolve() } });
    bench.answers([call('rm', 'c1')]);
    const hi = { role: 'user', content: `ask me, ${JSON.stringify(between)}` };
    const asked = finalResponse(await ask(bench, 'responses', { input: [hi] }))['output'] as readonly Json[];
    const input = [hi, ...asked, between, { role: 'user', content: 'y' }];
    const released = finalResponse(await ask(bench, 'responses', { input }))['output'];
    expect(released).toMatchObject([{ type: 'function_call', call_id: 'c1' }]);
    expect(bench.upstream.requests).toHaveLength(1);
  });

  test('is known again when its marks for the prompt cache have moved on [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    bench.answers([text('I try.'), call('rm', 'c1')], [text('I cannot.')]);
    const marked = (words: string): Json => ({
      role: 'user',
      content: [{ type: 'text', text: words, cache_control: { type: 'ephemeral' } }],
    });
    await ask(bench, 'messages', { messages: [marked('move on')] });
    const said = ['I try.', 'I cannot.'].map((words) => ({ type: 'text', text: words }));
    const assistant = { role: 'assistant', content: said };
    await ask(bench, 'messages', {
      messages: [{ role: 'user', content: 'move on' }, assistant, marked('next')],
    });
    expect(messagesOf(2).map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user']);
    expect(bench.sent(2)[2]).toEqual(['call', 'rm', {}, 'c1']);
  });

  test('has nothing put into an answer that says something else [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    bench.answers([call('rm', 'c1')], [text('I cannot.')]);
    const user = { role: 'user', content: 'say it' };
    await ask(bench, 'chat', { messages: [user] });
    const messages = [
      user,
      { role: 'assistant', content: 'Something else.' },
      { role: 'user', content: 'ok' },
    ];
    await ask(bench, 'chat', { messages });
    expect(messagesOf(2)).toEqual(messages);
  });

  test('has an empty text of the model left out, which no provider takes back [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    bench.answers([text(''), call('rm', 'c1')], [text('I cannot.')]);
    await ask(bench, 'messages');
    expect(messagesOf(1)[1]).toEqual({
      role: 'assistant',
      content: [{ type: 'tool_use', id: 'c1', name: 'rm', input: {} }],
    });
  });

  test('has each answer once, also where the same words were answered alike before [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    bench.upstream.use((_seen, index) => ({
      kind: 'answer',
      items: index % 2 === 0 ? [call('rm', `c${index}`)] : [text('I cannot.')],
    }));
    const user = { role: 'user', content: 'again' };
    const assistant = { role: 'assistant', content: 'I cannot.' };
    await ask(bench, 'chat', { messages: [user] });
    await ask(bench, 'chat', { messages: [user, assistant, user] });
    await ask(bench, 'chat', { messages: [user, assistant, user, assistant, user] });
    expect(messagesOf(4).filter(({ role }) => role === 'tool')).toMatchObject([
      { tool_call_id: 'c0' },
      { tool_call_id: 'c2' },
    ]);
  });
});

describe('a stream of the Chat Completions API', () => {
  test('whose calls all have the first index is read by their ids [HK-2]', async () => {
    bench.decide({ rm: deny('no') });
    const chunk = (id: string, name: string): string => {
      const calls = [{ index: 0, id, type: 'function', function: { name, arguments: '{}' } }];
      const choices = [{ index: 0, delta: { tool_calls: calls }, finish_reason: null }];
      return `data: ${JSON.stringify({ id: 'x', choices })}\n\n`;
    };
    const end = 'data: {"id":"x","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}\n\n';
    bench.upstream.use(() => streams([chunk('c1', 'rm'), chunk('c2', 'free'), end, 'data: [DONE]\n\n']));
    const { body } = await ask(bench, 'chat');
    expect(body.toString()).toContain('"c2"');
    expect(body.toString()).not.toContain('"c1"');
    expect(bench.upstream.requests).toHaveLength(1);
  });
});

describe('a stream of the Responses API', () => {
  const item = { type: 'function_call', id: 'f', name: 'ls', call_id: 'c1', arguments: '{"a":1,"b":2}' };

  function ends(args: string): void {
    bench.decide({ rm: deny('no'), ls: allow });
    const refused = { ...item, id: 'g', name: 'rm', call_id: 'c2' };
    const events = [
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.output_item.done', output_index: 1, item: refused },
      { type: 'response.completed', response: { id: 'r', output: [{ ...item, arguments: args }] } },
    ];
    bench.upstream.use(() => streams(events.map((event) => `data: ${JSON.stringify(event)}\n\n`)));
  }

  test('ends with the checked input of a call, where its end writes the same otherwise [HK-2]', async () => {
    ends('{ "b": 2, "a": 1 }');
    expect(finalResponse(await ask(bench, 'responses'))['output']).toEqual([item]);
  });

  test('fails where its end says another input than was checked [HK-2]', async () => {
    ends('{"a":2}');
    expect(finalResponse(await ask(bench, 'responses'))).toMatchObject({
      ...{ status: 'failed', output: [] },
      error: { code: 'upstream_unreadable' },
    });
  });
});
