import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import type { ComposedMiddleware } from '../../support/compose-middleware.ts';
import { useScriptedCodex } from '../../support/scripted-codex.ts';
import { until } from '../../support/until.ts';

const codex = useScriptedCodex('codex-usage');

function start(env: Readonly<Record<string, string>> = {}): Promise<ComposedMiddleware> {
  return codex.start({ CODEX_PLUS_USAGE_ENABLED: 'true', ...env });
}

interface Asked {
  readonly content: string;
  readonly stream: boolean;
  /** Whether the stream itself tells what it used. */
  readonly isTold?: boolean;
}

function bodyOf({ content, stream, isTold = false }: Asked): object {
  const options = isTold ? { stream_options: { include_usage: true } } : {};
  return { model: 'codex-5', messages: [{ role: 'user', content }], stream, ...options };
}

function ask({ url }: ComposedMiddleware, content: string, stream = false): request.Test {
  return request(url).post('/v1/chat/completions').send(bodyOf({ content, stream }));
}

/** A call of which `seen` resolves with what its client reads until this comes. */
function open(
  { url }: ComposedMiddleware,
  asked: Asked,
): { readonly seen: (what: string) => Promise<void>; readonly leave: () => void } {
  const left = new AbortController();
  const answer = fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(bodyOf(asked)),
    signal: left.signal,
  });
  answer.catch(() => undefined);
  return {
    seen: async (what) => {
      const reader = (await answer).body?.pipeThrough(new TextDecoderStream()).getReader();
      for (let text = ''; !text.includes(what);) text += (await reader?.read())?.value ?? '';
    },
    leave: () => {
      left.abort();
    },
  };
}

async function total({ url }: ComposedMiddleware): Promise<Readonly<Record<string, unknown>>> {
  const { body } = (await request(url).get('/v1/usage')) as { readonly body: unknown };
  return (body as { total: Readonly<Record<string, unknown>> }).total;
}

/** The line of the call, once it is over. */
async function finished({ lines }: ComposedMiddleware): Promise<unknown> {
  const find = (): unknown => lines.find(({ message }) => message === 'exchange');
  await until(() => find() !== undefined);
  return find();
}

/** What the other side wrote down of turns. */
function noted(what: string): boolean {
  return codex.ends().includes(what);
}

async function workerIsAsked({ url }: ComposedMiddleware): Promise<boolean> {
  const { body } = (await request(url).get('/health')) as { readonly body: unknown };
  const { workers } = (body as { codex: { workers: readonly { running: number }[] } }).codex;
  return workers.some(({ running }) => running > 0);
}

const metered = { requests: 1, unmetered_requests: 0, input_tokens: 10, output_tokens: 2 };
const completing = { CODEX_PLUS_CODEX_KILL_ON_DISCONNECT: 'false' };

describe('what a call used whose client left', () => {
  const streams = [
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ] as const;

  test.each(streams)(
    'in the midst of its stream is counted once (ended with it: %s; told in the stream: %s) [API-2]',
    async (isEnded, isTold) => {
      const asked = await start(isEnded ? {} : completing);
      const content = isEnded ? 'has counted' : 'goes on';
      const call = open(asked, { content, stream: true, isTold });
      await call.seen('Hello');
      call.leave();
      expect(await finished(asked)).toMatchObject({ ending: 'client-left', inputTokens: 10 });
      expect(await total(asked)).toMatchObject(metered);
      const metrics = (await request(asked.url).get('/metrics')).text;
      expect(metrics).toMatch(/tokens_total\{[^}]*model="codex-5"[^}]*direction="input"\} 10$/m);
    },
  );

  test.each(streams)(
    'before it read the end that was there is counted once (ended with it: %s; told in the stream: %s) [API-2]',
    async (isEnded, isTold) => {
      const asked = await start(isEnded ? {} : completing);
      const call = open(asked, { content: 'long', stream: true, isTold });
      await until(() => noted('completed: long'));
      call.leave();
      expect(await finished(asked)).toMatchObject({ ending: 'client-left' });
      expect(await total(asked)).toMatchObject(metered);
    },
  );

  test.each(streams)(
    'behind the last byte is counted once (ended with it: %s; told in the stream: %s) [API-2]',
    async (isEnded, isTold) => {
      const asked = await start(isEnded ? {} : completing);
      const call = open(asked, { content: 'hello', stream: true, isTold });
      await call.seen('[DONE]');
      call.leave();
      expect(await finished(asked)).toMatchObject({ ending: 'completed', inputTokens: 10 });
      expect(await total(asked)).toMatchObject(metered);
    },
  );

  test.each(streams)(
    'before the first byte is counted once (ended with it: %s; streamed: %s) [API-2]',
    async (isEnded, stream) => {
      const asked = await start(isEnded ? {} : completing);
      const call = open(asked, { content: isEnded ? 'counted' : 'thinks', stream });
      await until(() => workerIsAsked(asked));
      await until(() => noted('counted') || !isEnded);
      call.leave();
      expect(await finished(asked)).toMatchObject({ ending: 'client-left', inputTokens: 10 });
      expect(await total(asked)).toMatchObject(metered);
    },
  );

  test.each(streams)(
    'is counted once also where something changes its answer (ended with it: %s; before the first byte: %s) [API-2]',
    async (isEnded, isEarly) => {
      const asked = await start({
        CODEX_PLUS_ACCESSIBILITY_SENTENCES: 'true',
        ...(isEnded ? {} : completing),
      });
      const early = isEnded ? 'counted' : 'thinks';
      const late = isEnded ? 'has counted' : 'goes on';
      const call = open(asked, { content: isEarly ? early : late, stream: true });
      if (isEarly) await until(() => workerIsAsked(asked));
      else await call.seen('"role"');
      await until(() => noted('counted') || !isEnded || !isEarly);
      call.leave();
      expect(await finished(asked)).toMatchObject({ ending: 'client-left' });
      expect(await total(asked)).toMatchObject(metered);
    },
  );

  test('and that Codex tells behind the interrupt alone is waited for [API-2]', async () => {
    const asked = await start();
    const call = open(asked, { content: 'will count', stream: true });
    await call.seen('Hello');
    call.leave();
    expect(await finished(asked)).toMatchObject({ ending: 'client-left', inputTokens: 10 });
    expect(await total(asked)).toMatchObject(metered);
  });

  test.each(['waits', 'is deaf'])(
    'and that Codex never tells is marked as such, and waited for no longer than Codex takes (%s) [API-2]',
    async (content) => {
      const asked = await start();
      const call = open(asked, { content, stream: true });
      await call.seen('Hello');
      call.leave();
      expect(await finished(asked)).not.toHaveProperty('inputTokens');
      expect(await total(asked)).toMatchObject({ requests: 1, unmetered_requests: 1, input_tokens: 0 });
    },
  );
});

describe('what a call used', () => {
  test.each([false, true])(
    'is of no failed call where its client left before the answer; streamed: %s [API-2]',
    async (stream) => {
      const asked = await start();
      const call = open(asked, { content: 'silent', stream });
      await until(() => workerIsAsked(asked));
      call.leave();
      expect(await finished(asked)).toMatchObject({ ending: 'client-left', status: 499 });
      expect(await total(asked)).toMatchObject({ requests: 1, failed_requests: 0 });
    },
  );

  test('is told of calls that failed as well [API-2]', async () => {
    const asked = await start({ CODEX_PLUS_CODEX_TURN_TIMEOUT_MS: '1000' });
    await ask(asked, 'ticks').expect(504);
    expect(await total(asked)).toMatchObject({ requests: 1, failed_requests: 1, unmetered_requests: 1 });
    expect(await total(asked)).not.toHaveProperty('cost_usd');
  });

  test.each([false, true])(
    'is told of calls that ran out of their time behind a response that was paid for; streamed: %s [API-2]',
    async (stream) => {
      const asked = await start({ CODEX_PLUS_CODEX_TURN_TIMEOUT_MS: '1000' });
      await ask(asked, 'has counted', stream).expect(stream ? 200 : 504);
      expect(await total(asked)).toMatchObject({ ...metered, failed_requests: 1 });
    },
  );

  test.each([false, true])(
    'is told of calls that the provider of Codex refuses, and not of those that nobody was asked of; streamed: %s [API-2]',
    async (stream) => {
      const asked = await start();
      await ask(asked, 'refused', stream).expect(400);
      await request(asked.url).post('/v1/chat/completions').send({ model: 'codex-5', messages: [], stream });
      expect(await total(asked)).toMatchObject({ requests: 1, failed_requests: 1 });
      const metrics = (await request(asked.url).get('/metrics')).text;
      expect(metrics).toMatch(/requests_total\{route="codex",[^}]*status="400"\} 1/);
    },
  );
});
