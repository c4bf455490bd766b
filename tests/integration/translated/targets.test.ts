import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLitellmModels } from '../../../middleware/platform/config/litellm-config.ts';
import { ToldModels } from '../../../middleware/upstreams/litellm/models/told-models.ts';
import { ModelTargets } from '../../../middleware/upstreams/translated/model-targets.ts';
import { collectedLog } from '../../support/collected-log.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { until } from '../../support/until.ts';

const models = readLitellmModels('router_settings: { model_group_alias: { best: claude } }');

let stateDir: string;
let litellm: FakeUpstream;
let now = 0;
let masterKey = '';
let text = '';
let logged: ReturnType<typeof collectedLog>;

beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'codex-plus-told-'));
  litellm = await startFakeUpstream();
  now = 0;
  [masterKey, text] = ['sk-x', 'one'];
  logged = collectedLog();
});

afterEach(async () => {
  await litellm.close();
  rmSync(stateDir, { recursive: true, force: true });
});

function targets(url = (): string => litellm.url): ModelTargets {
  return new ModelTargets({
    target: () => ({ url: url(), masterKey }),
    configuration: () => Promise.resolve({ text, models, stars: [], env: {} }),
    toldModels: new ToldModels({ stateDir, log: logged.log }),
    now: () => now,
    log: logged.log,
  });
}

interface SlowLitellm {
  readonly url: string;
  /** Resolves once it was asked. */
  readonly asked: Promise<void>;
  readonly answer: () => void;
  readonly close: () => Promise<void>;
}

/** A LiteLLM that tells of its models when it is told to. */
async function startSlowLitellm(entries: readonly object[]): Promise<SlowLitellm> {
  const asked = Promise.withResolvers<undefined>();
  const answered = Promise.withResolvers<undefined>();
  const server = createServer((_req, res) => {
    asked.resolve(undefined);
    void answered.promise.then(() => res.end(JSON.stringify({ data: entries })));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: asked.promise,
    answer: () => {
      answered.resolve(undefined);
    },
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

describe('[RT-4] whose API a model is called in', () => {
  test('is asked of LiteLLM once in a minute, also where no model is translated', async () => {
    litellm.deploys([deployment('gpt', 'openai')]);
    const known = targets();
    for (now = 0; now < 60_000; now += 10_000) expect((await known.of('gpt'))?.api).toBe('responses');
    expect(litellm.askedForDeployments()).toBe(1);
  });

  test('is found by another name of the model, and by its own', async () => {
    litellm.deploys([deployment('claude', 'anthropic'), deployment('gemini', 'gemini')]);
    const known = targets();
    expect((await known.of('claude'))?.api).toBe('messages');
    expect((await known.of('best'))?.api).toBe('messages');
    expect((await known.of('gemini'))?.api).toBe('chat');
    expect(await known.of('none')).toBeUndefined();
  });

  test('leaves a mark of the cache to the configuration of LiteLLM that sets one', async () => {
    const marks = {
      litellm_params: { model: 'anthropic/claude-sonnet-4-5', cache_control: { type: 'ephemeral' } },
    };
    litellm.deploys([deployment('claude', 'anthropic'), { ...deployment('marked', 'anthropic'), ...marks }]);
    const known = targets();
    expect((await known.of('claude'))?.traits.cacheMarks).toBe(4);
    expect((await known.of('marked'))?.traits.cacheMarks).toBe(3);
  });

  test('is found for what an entry with a star stands for', async () => {
    const any = { model_name: 'anthropic/*', litellm_params: { model: 'anthropic/*' }, model_info: {} };
    litellm.deploys([any]);
    expect((await targets().of('anthropic/claude-opus-4-5'))?.api).toBe('messages');
  });

  test('is asked again soon of a LiteLLM that did not tell, but not with every call', async () => {
    const known = targets();
    expect(await known.of('claude')).toBeUndefined();
    expect(await known.of('claude')).toBeUndefined();
    expect(litellm.askedForDeployments()).toBe(1);
    litellm.deploys([deployment('claude', 'anthropic')]);
    now += 5_001;
    // The call that finds it old does not wait; the answer is there for one of the next.
    await until(async () => (await known.of('claude'))?.api === 'messages');
    expect(litellm.askedForDeployments()).toBe(2);
  });

  test('stays known while LiteLLM does not tell', async () => {
    litellm.deploys([deployment('claude', 'anthropic')]);
    const known = targets();
    expect((await known.of('claude'))?.api).toBe('messages');
    litellm.deploys([]);
    for (let minute = 1; minute < 4; minute += 1) {
      now += 60_001;
      expect((await known.of('claude'))?.api).toBe('messages');
    }
  });

  test('is for a new process that does not tell yet what one of the same configuration told', async () => {
    litellm.deploys([deployment('claude', 'anthropic')]);
    const known = targets();
    await known.of('claude');
    litellm.deploys([]);
    masterKey = 'sk-next';
    expect((await known.of('claude'))?.api).toBe('messages');
    [masterKey, text] = ['sk-third', 'two'];
    expect(await known.of('claude')).toBeUndefined();
  });

  test('is asked again soon of a new process that does not tell yet', async () => {
    litellm.deploys([deployment('claude', 'anthropic')]);
    const known = targets();
    await known.of('claude');
    litellm.deploys([]);
    masterKey = 'sk-next';
    await known.of('claude');
    litellm.deploys([deployment('claude', 'gemini')]);
    now += 5_001;
    await until(async () => (await known.of('claude'))?.api === 'chat');
  });

  test('is missed once in the log', async () => {
    const known = targets();
    await until(async () => {
      now += 5_001;
      await known.of('claude');
      return litellm.askedForDeployments() > 2;
    });
    expect(logged.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });
});

describe('[RT-3] what LiteLLM told of its models', () => {
  const claude = (known: ModelTargets): Promise<string | undefined> =>
    known.lastKnown('claude').then((target) => target?.api);

  beforeEach(async () => {
    litellm.deploys([deployment('claude', 'anthropic')]);
    expect((await targets().of('claude'))?.api).toBe('messages');
    await until(async () => (await claude(targets())) !== undefined);
  });

  test('is known after a restart, as long as its configuration is the same', async () => {
    expect(await claude(targets())).toBe('messages');
    text = 'two';
    expect(await claude(targets())).toBeUndefined();
  });

  test('counts for a LiteLLM that does not tell', async () => {
    litellm.deploys([]);
    expect((await targets().of('claude'))?.api).toBe('messages');
  });

  test('is what the newest process told, also where one before it answers later', async () => {
    const slow = await startSlowLitellm([deployment('claude', 'gemini')]);
    const older = litellm;
    const known = targets(() => (masterKey === 'sk-x' ? slow.url : older.url));
    const late = known.of('claude');
    await slow.asked;
    [masterKey, text] = ['sk-next', 'two'];
    expect((await known.of('claude'))?.api).toBe('messages');
    slow.answer();
    expect((await late)?.api).toBe('chat');
    expect(await claude(known)).toBe('messages');
    await until(async () => (await claude(targets())) === 'messages');
    text = 'one';
    expect(await claude(targets())).toBeUndefined();
    await slow.close();
  });

  test('is kept in the order in which it was told', async () => {
    const kept = new ToldModels({ stateDir, log: logged.log });
    const infos = [0, 1, 2, 3].map((index) => [{ name: `m${index}`, params: {}, info: {} }]);
    await Promise.all(infos.map((each) => kept.keep(text, each)));
    expect(await kept.of(text)).toEqual(infos.at(-1));
  });

  test('is asked anew where its file is damaged', async () => {
    writeFileSync(join(stateDir, 'litellm_models.json'), '{"digest":');
    expect(await claude(targets())).toBeUndefined();
    expect((await targets().of('claude'))?.api).toBe('messages');
  });
});
