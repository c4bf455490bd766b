import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Front } from '../../../middleware/upstreams/litellm/front.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says, streams } from '../../support/fake-upstream/step.ts';
import { sparePort } from '../../support/spare-port.ts';
import { until } from '../../support/until.ts';

let before: FakeUpstream;
let after: FakeUpstream;
let serving: FakeUpstream | undefined;
let front: Front;
let url: string;

/** `connection: close`, so that the next request is a new connection. */
async function ask(body: Readonly<Record<string, unknown>> = {}, signal?: AbortSignal): Promise<Response> {
  return await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ model: 'gpt-5', ...body }),
    ...(signal === undefined ? {} : { signal }),
  });
}

beforeEach(async () => {
  before = await startFakeUpstream([says('before')]);
  after = await startFakeUpstream([says('after')]);
  serving = before;
  const port = await sparePort();
  url = `http://127.0.0.1:${port}`;
  front = new Front({ host: '127.0.0.1', port, target: () => serving?.url });
  await front.open();
});

afterEach(async () => {
  front.close();
  await Promise.all([before.close(), after.close()]);
});

describe('the address of a LiteLLM whose processes come and go', () => {
  test('after a switch, new connections go to the new process and running ones stay [OPS-2]', async () => {
    before.use(() => streams(['one', 'two', 'three'], { pauseMs: 50 }));
    const running = await ask({ stream: true });
    serving = after;
    expect(await (await ask()).text()).toContain('after');
    expect(await running.text()).toBe('onetwothree');
    expect([before.requests.length, after.requests.length]).toEqual([1, 1]);
  });

  test('a closed address refuses at once, lets running requests finish, and can be opened again [OPS-2]', async () => {
    before.use(() => streams(['one', 'two'], { pauseMs: 50 }));
    const running = await ask({ stream: true });
    front.close();
    await expect(ask()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    expect(await running.text()).toBe('onetwo');
    before.use(() => says('hello'));
    await front.open();
    expect((await ask()).status).toBe(200);
  });

  test('a process that breaks off an answer breaks the connection [OPS-2]', async () => {
    before.use(() => streams(['half of it'], { then: 'reset' }));
    const answer = await ask({ stream: true });
    await expect(answer.text()).rejects.toThrow('terminated');
  });

  test('a client that leaves is noticed by the process [OPS-2]', async () => {
    before.use(() => streams(['begun'], { then: 'silence' }));
    const leaving = new AbortController();
    await ask({ stream: true }, leaving.signal);
    leaving.abort();
    await until(() => before.requests.length === 1);
    expect(await before.requests[0]?.closed).toBe(true);
  });

  test('a connection is ended at once when nobody serves any more [OPS-2]', async () => {
    serving = undefined;
    await expect(ask()).rejects.toMatchObject({
      cause: { code: expect.stringMatching(/^(?:UND_ERR_SOCKET|ECONNRESET)$/) },
    });
  });
});
