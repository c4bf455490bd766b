import { describe, expect, test } from '@jest/globals';
import { callCases, type Spoken } from '../../support/call-clients.ts';
import { codexTurn, user, type Item } from '../../support/codex-turns.ts';
import { says as saysText, status, streams, type Item as Said } from '../../support/fake-upstream/step.ts';
import { callRaw, headerOf, openRaw } from '../../support/raw-client.ts';
import { useWholeBench } from '../../support/whole-bench.ts';
import { lookedAgain } from '../../support/test-clock.ts';

const bench = useWholeBench();

const text = (words: string): Said => ({ kind: 'text', text: words });
const call = (callId: string): Said => ({ kind: 'call', name: 'look', arguments: {}, callId });

/** A hook that has something to say to the user. */
const says = (systemMessage: string, more: object = {}): string =>
  `echo '${JSON.stringify({ systemMessage, ...more })}'`;

/** The text that a client has of an answer: that of one API joins what others keep apart. */
const joined = (spoken: readonly Spoken[]): string =>
  spoken.flatMap(([kind, words]) => (kind === 'text' ? [words] : [])).join('\n\n');

describe('what hooks want the user to read, with a client of', () => {
  test.each(callCases)(
    '%s (client %i, streamed: %s), is said behind the answer, and no model ever sees it [HK-1] [PX-2]',
    async (_api, which, stream) => {
      await bench.hooks({
        SessionStart: says('welcome'),
        UserPromptSubmit: says('heard'),
        PreToolUse: says('may'),
        PostToolUse: says('did'),
        Stop: says('rest'),
      });
      bench.answers([text('Let me look.'), call('c1')], [text('It is there.')], [text('Bye.')]);
      const client = bench.client(which);
      const { spoken } = await client.tell([['user', 'where?']], stream);
      const first =
        'SessionStart:startup says: welcome\n\nUserPromptSubmit says: heard\n\nPreToolUse:look says: may';
      expect(joined(spoken)).toBe(`Let me look.\n\n${first}`);
      expect(spoken).toContainEqual(['call', 'look', {}, 'c1']);
      const answer = await client.tell([['output', 'c1', 'here']], stream);
      expect(joined(answer.spoken)).toBe('It is there.\n\nPostToolUse:look says: did\n\nStop says: rest');
      const heard = [
        ['user', 'where?'],
        ['text', 'Let me look.'],
        ['call', 'look', {}, 'c1'],
        ['output', 'c1', 'here'],
      ];
      expect(bench.sent(-1)).toEqual(heard);
      const before = bench.upstream.requests.at(-1)?.raw.toString() ?? '';
      const last = await client.tell([['user', 'thanks']], stream);
      expect(bench.sent(-1)).toEqual([...heard, ['text', 'It is there.'], ['user', 'thanks']]);
      const end = before.indexOf('"here"') + '"here"'.length;
      expect(bench.upstream.requests.at(-1)?.raw.toString().slice(0, end)).toBe(before.slice(0, end));
      expect(joined(last.spoken)).toBe('Bye.\n\nUserPromptSubmit says: heard\n\nStop says: rest');
    },
  );

  test.each(callCases)(
    '%s (client %i, streamed: %s), stands behind all rounds of an answer that was sent back and had calls refused [HK-1] [HK-2]',
    async (_api, which, stream) => {
      const deny = {
        hookEventName: 'PreToolUse',
        permissionDecision: 'deny',
        permissionDecisionReason: 'no',
      };
      await bench.hooks({
        PreToolUse: says('not that', { hookSpecificOutput: deny }),
        Stop: `grep -q done || ${says('once more', { decision: 'block', reason: 'more' })}`,
      });
      bench.answers([call('c1')], [text('So not.')], [text('done')], [text('Bye, done.')]);
      const client = bench.client(which);
      const { spoken } = await client.tell([['user', 'look']], stream);
      expect(joined(spoken)).toBe(
        'So not.\n\ndone\n\nPreToolUse:look says: not that\n\nStop says: once more',
      );
      await client.tell([['user', 'thanks']], stream);
      expect(bench.sent(-1)).toEqual([
        ['user', 'look'],
        ['call', 'look', {}, 'c1'],
        ['output', 'c1', 'PreToolUse:look hook error: no'],
        ['text', 'So not.'],
        ['user', 'Stop hook feedback:\nmore'],
        ['text', 'done'],
        ['user', 'thanks'],
      ]);
    },
  );
});

/** Makes a request as Codex does, at a terminal unless the metadata say otherwise. */
const turn = (input: readonly Item[], metadata: object = {}, stream = true): Promise<string> =>
  codexTurn(bench.middleware.port, { session: 's1', workspace: bench.workspace, input, metadata, stream });

const eventsOf = (body: string): readonly Item[] =>
  [...body.matchAll(/^data: (\{.*)$/gm)].map(([, json = '']) => JSON.parse(json) as Item);

describe('what hooks want the user of Codex to read', () => {
  test('is a message of its own in the stream, which is numbered without a gap [HK-1]', async () => {
    await bench.hooks({ UserPromptSubmit: says('heard') });
    bench.answers([text('hello')]);
    const events = eventsOf(await turn([user('hi', 'm1')]));
    expect(events.map((event) => event['sequence_number'])).toEqual(events.map((_, index) => index));
    const done = events.filter(({ type }) => type === 'response.output_item.done');
    expect(done.map((event) => event['output_index'])).toEqual([0, 1]);
    const own = done.at(-1)?.['item'] as Item;
    expect(String(own['id'])).toMatch(/^msg_codexplus_.{1,50}$/);
    expect(own).toMatchObject({
      role: 'assistant',
      content: [{ type: 'output_text', text: 'UserPromptSubmit says: heard' }],
    });
    const { output } = events.at(-1)?.['response'] as { output: Item[] };
    expect(output.at(-1)).toEqual(own);
    await turn([user('hi', 'm1'), ...output, user('more', 'm2')]);
    expect(bench.upstream.requests.at(-1)?.json?.['input']).toEqual([
      user('hi', 'm1'),
      output[0],
      user('more', 'm2'),
    ]);
  });

  test('goes to the log where nobody is there, and the answer keeps its bytes [HK-1] [PX-2]', async () => {
    bench.upstream.use(() => saysText('hello'));
    const before = await turn([user('hi', 'm1')], { turn_trigger: 'exec' });
    await bench.hooks({ UserPromptSubmit: says('heard'), SubagentStart: says('begun') });
    lookedAgain();
    const agent = { thread_source: 'subagent', thread_id: 't2', subagent_kind: 'collab_spawn' };
    for (const metadata of [{ turn_trigger: 'exec' }, agent]) {
      expect(await turn([user('hi', 'm1')], metadata)).toBe(before);
    }
    const lines = bench.middleware.lines.flatMap(({ says: told }) => (told === undefined ? [] : [told]));
    expect(lines).toEqual(['UserPromptSubmit says: heard', 'SubagentStart says: begun']);
  });

  test('waits for the next answer where this one asks the user something [HK-1]', async () => {
    const asks = { hookEventName: 'PreToolUse', permissionDecision: 'ask' };
    await bench.hooks({ PreToolUse: says('look out', { hookSpecificOutput: asks }) });
    bench.answers([call('c1')], [text('all right')]);
    const events = eventsOf(await turn([user('go', 'm1')]));
    const { output } = events.at(-1)?.['response'] as { output: Item[] };
    expect(JSON.stringify(output)).toContain('Allow?');
    expect(JSON.stringify(output)).not.toContain('look out');
    const answer = await turn([user('go', 'm1'), ...output, user('n', 'm2')]);
    expect(answer).toContain('all right');
    expect(answer).toContain('PreToolUse:look says: look out');
  });

  test('waits for the next answer where this one fails [HK-1]', async () => {
    await bench.hooks({ UserPromptSubmit: says('heard') });
    const failed = `data: ${JSON.stringify({ type: 'response.failed', response: { id: 'r', error: { code: 'x' } } })}\n\n`;
    bench.answers(status(500, { error: { message: 'no' } }), streams([failed]), [text('hello')]);
    for (const isSaid of [false, false, true]) {
      expect((await turn([user('hi', 'm1')])).includes('says: heard')).toBe(isSaid);
    }
  });

  test('is said with the end of the answer, whether its connection ends or not [HK-1] [PX-2]', async () => {
    await bench.hooks({ UserPromptSubmit: says('heard') });
    const item = { type: 'message', role: 'assistant', id: 'msg_1', content: [] };
    const response = { id: 'r', output: [item] };
    const events = [
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response },
    ].map((event) => `data: ${JSON.stringify(event)}\n\n`);
    bench.answers(streams(events, { then: 'silence' }));
    const headers = ['x-codex-plus-workspace', bench.workspace, 'content-type', 'application/json'];
    const body = JSON.stringify({ model: 'm', stream: true, input: 'hi' });
    const socket = await openRaw(bench.middleware.port, { path: '/v1/responses', headers, body });
    let answer = '';
    for await (const chunk of socket) {
      answer += String(chunk);
      if (answer.includes('response.completed')) break;
    }
    expect(answer).toContain('UserPromptSubmit says: heard');
  });

  test('stands in front of a refusal, and is not said again [HK-1]', async () => {
    await bench.hooks({
      SessionStart: says('welcome'),
      UserPromptSubmit: `grep -q secret && ${says('careful', { decision: 'block', reason: 'no secrets' })}; exit 0`,
    });
    bench.answers([text('hello')]);
    const refused = eventsOf(await turn([user('the secret', 'm1')])).at(-1)?.['response'] as {
      output: Item[];
    };
    const words = JSON.stringify(refused.output);
    expect(words).toMatch(/SessionStart:startup says: welcome.*UserPromptSubmit says: careful.*no secrets/);
    expect(await turn([user('the secret', 'm1'), ...refused.output, user('hi', 'm2')])).not.toContain(
      'says:',
    );
    expect(bench.upstream.requests.at(-1)?.json?.['input']).toEqual([user('hi', 'm2')]);
  });

  test('is not said into JSON, which a program reads [HK-1]', async () => {
    await bench.hooks({ UserPromptSubmit: says('heard') });
    bench.answers([text('{}')]);
    const forms = [
      ['/v1/responses', { input: 'hi', text: { format: { type: 'json_schema', name: 'n', schema: {} } } }],
      [
        '/v1/chat/completions',
        { messages: [{ role: 'user', content: 'hi' }], response_format: { type: 'json_object' } },
      ],
      [
        '/v1/messages',
        {
          messages: [{ role: 'user', content: 'hi' }],
          max_tokens: 9,
          output_config: { format: { type: 'json_schema', schema: {} } },
        },
      ],
    ] as const;
    const headers = ['x-codex-plus-workspace', bench.workspace, 'content-type', 'application/json'];
    for (const [path, body] of forms) {
      const request = { path, headers, body: JSON.stringify({ model: 'm', ...body }) };
      expect((await callRaw(bench.middleware.port, request)).body.toString()).not.toContain('heard');
    }
    expect(bench.upstream.requests).toHaveLength(forms.length);
  });
});

test('an answer to which no hook speaks is not read [HK-1] [PX-2]', async () => {
  const encoding = async (): Promise<string | undefined> => {
    await turn([user('hi', 'm1')]);
    return headerOf(bench.upstream.requests.at(-1)?.rawHeaders ?? [], 'accept-encoding');
  };
  bench.answers([text('hello')]);
  await bench.hooks({ SessionStart: 'true', UserPromptSubmit: 'true', PermissionRequest: 'true' });
  expect(await encoding()).toBeUndefined();
  await bench.hooks({ Stop: 'true' });
  lookedAgain();
  expect(await encoding()).toBe('identity');
});
