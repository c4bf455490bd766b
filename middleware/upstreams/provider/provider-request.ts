import { headerValue, type RawHeaders } from '../../kernel/headers.ts';
import type { ProviderConfig } from '../../platform/config/config.ts';
import { replaceValue, topLevelMembers } from '../../protocol/json/json-members.ts';

/** What the Messages API asks for where the client left it out. Source: Anthropic API, "Versions". */
const anthropicVersion = '2023-06-01';

/** The headers that a provider knows us by. */
export function providerCredentials({ apiKey = '', auth }: ProviderConfig, headers: RawHeaders): string[] {
  if (auth === 'bearer') return ['authorization', `Bearer ${apiKey}`];
  const version =
    headerValue(headers, 'anthropic-version') === undefined ? ['anthropic-version', anthropicVersion] : [];
  return ['x-api-key', apiKey, ...version];
}

/** A decoded body with the provider's name for its model; every other byte as it came. */
export function renamedBody(json: Buffer, model: string | undefined, name: string): Buffer {
  if (name === model) return json;
  const member = topLevelMembers(json).findLast(({ key }) => key === 'model');
  return member === undefined ? json : replaceValue(json, member, JSON.stringify(name));
}
