/**
 * What LiteLLM calls a provider with, in the place of what is configured: keys, where to, headers, in whose name. Of
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

/** Whether a member of a body, or of a query, is of the caller's own for LiteLLM to call the provider with. */
export function isCallersOwn(name: string): boolean {
  return ownNames.has(name) || ownPattern.test(name);
}
