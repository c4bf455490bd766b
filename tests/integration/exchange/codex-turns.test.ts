import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import type { ComposedMiddleware } from '../../support/compose-middleware.ts';
import { useScriptedCodex } from '../../support/scripted-codex.ts';
import { until } from '../../support/until.ts';

const codex = useScriptedCodex('codex-turns');
const { start, ends } = codex;

function body(content: string, stream: boolean): object {
  return { model: 'codex-5', messages: [{ role: 'user', content }], stream };
}

function ask({ url }: ComposedMiddleware, content: string, stream = false): request.Test {
  return request(url).post('/v1/chat/completions').send(body(content, stream));
}

/** A stream of the Responses API. */
function respond({ url }: ComposedMiddleware, input: string): request.Test {
  return request(url).post('/v1/responses').send({ model: 'codex-5', input, stream: true });
}

const calledWeather = {
  tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }],
  messages: [
    { role: 'user', content: 'hello' },
    {
      role: 'assistant',
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
  ],
};

/** A stream of which something has come; it goes on until its client leaves. */
async function open({ url }: ComposedMiddleware, content: string): Promise<AbortController> {
  const left = new AbortController();
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body(content, true)),
    signal: left.signal,
  });
  await answer.body?.getReader().read();
  return left;
}

/** A call whose client leaves after a while. */
async function fetchFor(
  ms: number,
  { url }: ComposedMiddleware,
  content: string,
  stream = false,
): Promise<void> {
  const answer = fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body(content, stream)),
    signal: AbortSignal.timeout(ms),
  });
  await answer.catch(() => undefined);
}

describe('what takes too long', () => {
  test('a process that does not begin is given up, and one that thinks is not [API-3]', async () => {
    const asked = await start({ CODEX_PLUS_CODEX_START_TIMEOUT_MS: '1000' });
    const silent = await ask(asked, 'silent').expect(504);
    expect(silent.body).toMatchObject({ error: { message: 'Codex did not begin within 1 s' } });
    const thinks = await ask(asked, 'thinks').expect(200);
    expect(thinks.body).toMatchObject({ choices: [{ message: { content: 'Hello.' } }] });
  });

  test.each([false, true])(
    'a process that hangs keeps neither its client nor the place (streamed: %s) [API-1]',
    async (stream) => {
      const asked = await start({
        CODEX_PLUS_CODEX_TURN_TIMEOUT_MS: '1000',
        CODEX_PLUS_CODEX_MAX_TURNS: '1',
      });
      const hung = await ask(asked, 'hangs', stream).expect(504);
      expect(hung.body).toMatchObject({ error: { message: 'Codex did not end its answer within 1 s' } });
      await until(async () => (await ask(asked, 'hello')).status === 200);
    },
  );

  test('a process that is busy with others may begin later [API-3]', async () => {
    const asked = await start({
      CODEX_PLUS_CODEX_START_TIMEOUT_MS: '1000',
      CODEX_PLUS_CODEX_TURN_TIMEOUT_MS: '2500',
    });
    const [busy] = await Promise.all([ask(asked, 'silent'), ask(asked, 'ticks')]);
    expect(busy.body).toMatchObject({ error: { message: 'Codex did not end its answer within 2.5 s' } });
  });

  test('a process that has no more than a word for whoever asks for one does not begin [API-3]', async () => {
    const asked = await start({
      CODEX_PLUS_CODEX_START_TIMEOUT_MS: '1500',
      CODEX_PLUS_CODEX_HUNG_AFTER_MS: '1000',
      CODEX_PLUS_CODEX_TURN_TIMEOUT_MS: '5000',
    });
    for (const content of ['silent', 'hangs']) {
      const late = await ask(asked, content).expect(504);
      expect(late.body).toMatchObject({ error: { message: 'Codex did not begin within 1.5 s' } });
    }
  });

  test('a stream that has nothing for its client ends, whatever Codex tells of it [API-3]', async () => {
    const asked = await start({ CODEX_PLUS_CODEX_STREAM_IDLE_TIMEOUT_MS: '1000' });
    const before = await ask(asked, 'ticks', true).expect(504);
    expect(before.body).toMatchObject({ error: { message: 'nothing more of the answer came for 1 s' } });
    const within = await ask(asked, 'waits', true).expect(200);
    expect(within.text).toMatch(/"Hello"[^]*nothing more of the answer came for 1 s/);
  });
});

test('a time that ran out is told as that, whatever Codex says of the turn that ended for it [API-3]', async () => {
  const asked = await start({ CODEX_PLUS_CODEX_TURN_TIMEOUT_MS: '1000' });
  const late = {
    error: { message: 'Codex did not end its answer within 1 s', code: 'upstream_timeout' },
  };
  expect((await ask(asked, 'ticks').expect(504)).body).toMatchObject(late);
  expect((await ask(asked, 'waits').expect(504)).body).toMatchObject(late);
  const streamed = await ask(asked, 'waits', true).expect(200);
  expect(streamed.text).toContain(
    '"message":"Codex did not end its answer within 1 s","type":"server_error","param":null,"code":"upstream_timeout"',
  );
  expect((await respond(asked, 'waits').expect(200)).text).toContain(
    '"error":{"code":"upstream_timeout","message":"Codex did not end its answer within 1 s"}',
  );
});

test('a key of Codex that its provider refuses is no fault of the caller [API-3]', async () => {
  const asked = await start();
  const error = { code: 'provider_key_refused', message: expect.stringMatching(/CODEX_HOME.*: no such key/) };
  expect((await ask(asked, 'unauthorized')).body).toMatchObject({ error });
  expect((await ask(asked, 'unauthorized', true)).body).toMatchObject({ error });
});

describe('a stream whose model thinks for long', () => {
  const keepalives = { CODEX_PLUS_KEEPALIVE_MS: '200' };

  test('tells that it has begun, and that it goes on [API-2]', async () => {
    const { text } = await ask(await start(keepalives), 'thinks', true).expect(200);
    const [head = '', rest] = text.split(/^: keepalive$/m, 2);
    expect(head).toMatch(/^data: .*"delta":{"role":"assistant"/);
    expect(rest).not.toContain('"role"');
    expect(text).toMatch(/"Hello\."[^]*\[DONE\]/);
  });

  test('is told of what fails then by an error within it, and before by the status [API-2]', async () => {
    const asked = await start({ ...keepalives, CODEX_PLUS_CODEX_STREAM_IDLE_TIMEOUT_MS: '1000' });
    const within = await ask(asked, 'ticks', true).expect(200);
    expect(within.text).toMatch(/"role":"assistant"[^]*"error":[^]*nothing more of the answer came for 1 s/);
    const before = await ask(asked, 'refused', true).expect(400);
    expect(before.body).toMatchObject({ error: { message: 'no such thing', type: 'invalid_request_error' } });
  });
});

test('a call that the history has its result of is not called again [API-1]', async () => {
  const asked = await start();
  const answer = await request(asked.url)
    .post('/v1/chat/completions')
    .send({ model: 'codex-5', ...calledWeather });
  expect(answer.body).toMatchObject({
    choices: [{ finish_reason: 'stop', message: { content: 'Hello.' } }],
  });
});

describe('streams at once', () => {
  test('one too many is refused, other calls are not; a stream that ended gives its place back [API-3]', async () => {
    const asked = await start({
      CODEX_PLUS_CODEX_MAX_STREAMS: '1',
      CODEX_PLUS_CODEX_LISTED_AS: 'dev',
      CODEX_PLUS_CODEX_TEST_ENDPOINTS: 'true',
    });
    const running = async (): Promise<unknown> => (await request(asked.url).get('/__test/conc')).body;
    const first = await open(asked, 'waits');
    expect(await running()).toEqual({ conc: 1 });
    const refused = await ask(asked, 'hello', true).expect(429);
    expect(refused.body).toMatchObject({ error: { code: 'concurrency_exceeded', type: 'rate_limit_error' } });
    expect(refused.headers['retry-after']).toBe('1');
    await ask(asked, 'hello').expect(200);
    first.abort();
    await until(async () => JSON.stringify(await running()) === '{"conc":0}');
    await ask(asked, 'hello', true).expect(200);
  });
});

test('a turn that has completed is not interrupted, and its answer waits for nothing more [API-3]', async () => {
  const asked = await start();
  await ask(asked, 'hello').expect(200);
  await ask(asked, 'hello again', true).expect(200);
  await until(() => ends().includes('completed: hello again'));
  expect(ends()).not.toContain('interrupted');
});

describe('a client that leaves', () => {
  test.each([false, true])(
    'before the first word is an ending of its own, and no failure of ours (streamed: %s) [API-3]',
    async (stream) => {
      const asked = await start();
      await fetchFor(500, asked, 'thinks', stream);
      const finished = (): (typeof asked.lines)[number] | undefined =>
        asked.lines.find(({ message }) => message === 'exchange');
      await until(() => finished() !== undefined);
      expect(finished()).toMatchObject({ status: 499 });
      expect(finished()?.['error']).toBeUndefined();
      const metrics = (await request(asked.url).get('/metrics')).text;
      expect(metrics).not.toMatch(/errors_total\{code="internal"/);
    },
  );

  test('ends its turn [API-3]', async () => {
    const left = await open(await start(), 'goes on');
    left.abort();
    await until(() => ends().includes('goes on'));
    expect(ends()).toBe('interrupted: goes on\n');
  });

  test('does not end it where turns are to be completed [API-3]', async () => {
    const asked = await start({ CODEX_PLUS_CODEX_KILL_ON_DISCONNECT: 'false' });
    const left = await open(asked, 'goes on with a stream');
    left.abort();
    await until(() => ends().includes('goes on'));
    expect(ends()).toMatch(/^completed: goes on with a stream\n/);
    await ask(asked, 'hello').expect(200);
  });
});

describe('what is said with the process', () => {
  test('stands in the log where that is asked for, without secrets [API-3]', async () => {
    const secret = 'sk-0123456789abcdef0123';
    const asked = await start({ CODEX_PLUS_CODEX_LOG_MESSAGES: 'true' });
    await ask(asked, `hello ${secret}`).expect(200);
    const logged = asked.lines.filter(({ message }) =>
      /^(?:to|from) codex app-server$/.test(String(message)),
    );
    expect(logged.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['to codex app-server', 'from codex app-server']),
    );
    expect(JSON.stringify(logged)).toContain('hello [redacted');
    expect(JSON.stringify(asked.lines)).not.toContain(secret);
  });

  test('stands nowhere else [API-3]', async () => {
    const asked = await start();
    await ask(asked, 'hello').expect(200);
    expect(JSON.stringify(asked.lines)).not.toContain('thread/start');
  });
});
