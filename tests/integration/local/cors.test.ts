import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says } from '../../support/fake-upstream/step.ts';

let upstream: FakeUpstream;
const key = 'key-0123456789abcdef';
const page = 'https://app.example.com';
const chat = '/v1/chat/completions';
const body = { model: 'gpt-5', messages: [{ role: 'user', content: 'hello' }] };

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.use(() => says('hello'));
});

afterAll(() => upstream.close());

function preflight({ url }: ComposedMiddleware, origin: string, path = chat): request.Test {
  return request(url)
    .options(path)
    .set('origin', origin)
    .set('access-control-request-method', 'POST')
    .set('access-control-request-headers', 'authorization,content-type');
}

/** Which page may read an answer, and whether the browser's own login counts. */
function allowed({ headers }: request.Response): unknown {
  return [headers['access-control-allow-origin'], headers['access-control-allow-credentials']];
}

describe('pages of allowed origins', () => {
  let middleware: ComposedMiddleware;

  beforeAll(async () => {
    middleware = await composeMiddleware(upstream.url, {
      CODEX_PLUS_API_KEYS: key,
      CODEX_PLUS_ALLOWED_ORIGINS: `${page},http://localhost:*`,
    });
  });

  afterAll(() => middleware.close());

  test('a browser that asks first is answered without a key [API-2]', async () => {
    for (const origin of [page, 'http://localhost:5173', 'http://localhost']) {
      const answer = await preflight(middleware, origin).expect(204);
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-headers': 'authorization,content-type',
        'access-control-allow-methods': expect.stringContaining('POST'),
        vary: 'origin',
      });
    }
  });

  test('others are refused, and may not read why [API-2]', async () => {
    for (const origin of ['https://evil.example.com', 'http://localhost.evil.com:80', 'null']) {
      const answer = await preflight(middleware, origin).expect(403);
      expect(allowed(answer)).toEqual([undefined, undefined]);
    }
  });

  test('they may read streams, answers, errors and what is passed through [API-2]', async () => {
    const called = (stream: boolean): request.Test =>
      request(middleware.url)
        .post(chat)
        .set('origin', page)
        .set('authorization', `Bearer ${key}`)
        .send({ ...body, stream });
    const answers = [
      await called(true).expect(200),
      await called(false).expect(200),
      await request(middleware.url).post(chat).set('origin', page).send(body).expect(401),
      await request(middleware.url).get('/v1/models').set('origin', page).set('x-api-key', key).expect(200),
      await request(middleware.url).get('/healthz').set('origin', page).expect(200),
    ];
    expect(answers.map(allowed)).toEqual(answers.map(() => [page, undefined]));
  });

  test('what the upstream says of pages does not count [API-2]', async () => {
    upstream.use(() => ({
      kind: 'bytes',
      headers: [
        ...['content-type', 'application/json', 'access-control-allow-origin', '*'],
        ...['Access-Control-Allow-Credentials', 'true'],
      ],
      pieces: [Buffer.from('{}')],
    }));
    const passed = request(middleware.url).post('/v1/embeddings').set('authorization', `Bearer ${key}`);
    expect(allowed(await passed.set('origin', page).send({ model: 'm' }))).toEqual([page, undefined]);
    upstream.use(() => says('hello'));
  });

  test('who is no page gets no word of it [API-2]', async () => {
    const answer = await request(middleware.url).get('/healthz').expect(200);
    expect(allowed(answer)).toEqual([undefined, undefined]);
  });
});

test('with * any page may call, with a key of its own and never with a login of the browser [API-2]', async () => {
  const middleware = await composeMiddleware(upstream.url, {
    CODEX_PLUS_API_KEYS: key,
    CODEX_PLUS_ALLOWED_ORIGINS: '*',
  });
  const asked = await preflight(middleware, 'https://any.example.com').expect(204);
  const answer = await request(middleware.url)
    .post(chat)
    .set('origin', 'https://any.example.com')
    .set('sec-fetch-site', 'cross-site')
    .set('authorization', `Bearer ${key}`)
    .send(body)
    .expect(200);
  await middleware.close();
  expect([asked, answer].map(allowed)).toEqual([
    ['*', undefined],
    ['*', undefined],
  ]);
});
