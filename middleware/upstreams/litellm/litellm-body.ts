import { CodexPlusError } from '../../kernel/errors.ts';
import type { ApiRequest } from '../../kernel/exchange.ts';
import { isJsonObject } from '../../kernel/json-object.ts';
import { replaceMembers, topLevelMembers, type JsonMember } from '../../protocol/json/json-members.ts';

/**
 * Members that LiteLLM calls a provider with, in the place of what is configured: keys, where to, headers, in whose name. Of
 * litellm 1.106: `CredentialLiteLLMParams`, `clientside_credential_keys`, and what its providers read besides.
 */
const ownNames = new Set([
  'api_key',
  'apikey',
  'api_base',
  'base_url',
  'api_version',
  'organization',
  'headers',
  'extra_headers',
  'default_headers',
  'provider_specific_header',
  'extra_query',
  'client_id',
  'client_secret',
  'tenant_id',
  'account_id',
  'token',
  'region_name',
  'custom_endpoint',
  'custom_llm_provider',
  'deployment_url',
  'litellm_credential_name',
  'ssl_verify',
]);
const ownPattern =
  /^(?:aws|azure|gcs|oci|s3|sagemaker|vertex|watsonx|wx)_|_(?:api_key|api_base|base_url|access_token|auth_url|credentials|secret|tenant_id)$/;

/** Members in which LiteLLM looks for them again: parameters as the SDK takes them, and other models with parameters of their own. */
const containers = new Set([
  'extra_body',
  'litellm_params',
  'litellm_metadata',
  'litellm_embedding_config',
  'fallbacks',
  'context_window_fallbacks',
  'content_policy_fallbacks',
  'default_fallbacks',
  'router_settings_override',
]);

/** LiteLLM itself refuses fallbacks within fallbacks before this; a walk must not fill the stack. */
const maxDepth = 64;

/**
 * The decoded body, byte for byte, but for what LiteLLM would call the provider with in place of the configured key and address,
 * whoever sent it. What tools and conversations have under such names stays.
 */
export function litellmBody({ json }: ApiRequest): Buffer {
  const changed = new Map<JsonMember, string | undefined>();
  for (const member of topLevelMembers(json)) {
    if (isOwn(member.key)) changed.set(member, undefined);
    else if (containers.has(member.key)) {
      const text = json.toString('utf8', member.valueStart, member.valueEnd);
      const without = withoutOwn(text, member.key);
      if (without !== text) changed.set(member, without);
    }
  }
  return changed.size === 0 ? json : replaceMembers(json, changed);
}

function isOwn(key: string): boolean {
  return ownNames.has(key) || ownPattern.test(key);
}

/** The same text where there is nothing to take out. */
function withoutOwn(text: string, key: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CodexPlusError('invalid_body', `the request body is not JSON: "${key}" cannot be read`, {
      cause,
    });
  }
  const cleaned = cleanedValue(value, key, 0);
  return cleaned === value ? text : JSON.stringify(cleaned);
}

function cleanedValue(value: unknown, key: string, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > maxDepth) {
    throw new CodexPlusError(
      'invalid_body',
      `"${key}" of the request body is nested deeper than ${maxDepth}`,
    );
  }
  if (Array.isArray(value)) {
    const items = (value as unknown[]).map((item) => cleanedValue(item, key, depth + 1));
    return items.every((item, index) => item === (value as unknown[])[index]) ? value : items;
  }
  if (!isJsonObject(value)) return value;
  let isChanged = false;
  const kept: [string, unknown][] = [];
  for (const [name, inner] of Object.entries(value)) {
    const cleaned = isOwn(name) ? undefined : cleanedValue(inner, key, depth + 1);
    if (cleaned !== inner) isChanged = true;
    if (!isOwn(name)) kept.push([name, cleaned]);
  }
  return isChanged ? Object.fromEntries(kept) : value;
}
