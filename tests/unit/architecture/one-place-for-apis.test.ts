import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { rootDir } from '../../support/compose-middleware.ts';

/** The name of an API as a text, by which one is told from another. */
const apiName = /'(?:responses|chat|completions|messages)'/;
/** Items and parts that only one API has. */
const itemOfOneApi =
  /'(?:\w+_call|\w*_call_output|_output|mcp_approval_\w+|tool_use|tool_result|tool_calls|(?:in|out)put_text)'/;

/** What else may tell APIs apart, with the reason. */
const reasons: Readonly<Record<string, string>> = {
  'cli/doctor/check-codex-config.ts': "a value of Codex's own configuration",
  'kernel/exchange.ts': 'the names themselves',
  'platform/config/known-providers.ts': 'which APIs a provider has, as settings say it',
  'protocol/app-server/turn-reader.ts': 'what Codex tells of a turn has items of its own API in it',
  'protocol/app-server/turn-request.ts': 'what Codex is given of a conversation are items of its own API',
  'upstreams/translated/own-apis.ts': 'which APIs a provider has as their makers do',
  'upstreams/translated/target-of-model.ts': 'which API the provider of a model has',
};

test('what differs from API to API stands in its codec', () => {
  const folder = join(rootDir, 'middleware');
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith(join('protocol', 'apis')))
    .filter((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      return apiName.test(text) || itemOfOneApi.test(text);
    });
  expect(found.sort()).toEqual(Object.keys(reasons));
});
