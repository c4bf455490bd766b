import { expect, test } from '@jest/globals';
import type { Api } from '../../../middleware/kernel/exchange.ts';
import { codecOf } from '../../../middleware/protocol/apis/codec-of.ts';
import { targetOfModel } from '../../../middleware/upstreams/translated/target-of-model.ts';

/** A model that is called in each API; `undefined` for one that no provider is called in. */
const models: Readonly<Record<Api, string | undefined>> = {
  responses: 'openai/gpt-5',
  chat: 'deepseek/deepseek-chat',
  completions: undefined,
  messages: 'anthropic/claude-sonnet-4-5',
};

test.each(Object.entries(models) as [Api, string | undefined][])(
  '[RT-4] what can be written for a provider in an API is called in it: %s',
  (api, model) => {
    expect(codecOf(api).providerTranslation !== undefined).toBe(model !== undefined);
    if (model === undefined) return;
    const target = targetOfModel([{ name: 'any', params: { model }, info: { mode: 'chat' } }]);
    expect(target?.api).toBe(api);
  },
);
