import { codeOf } from '../../../kernel/errors.ts';
import { codexHeaders } from '../../codex/codex-headers.ts';
import { providerInUse } from '../../codex/provider-in-use.ts';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { Environment } from '../../../platform/config/environment.ts';
import { memberAt } from '../../codex/codex-config-file.ts';
import type { CodexTry } from '../facts.ts';

const askTimeoutMs = 5_000;

/**
 * Asks for the models as Codex does: at its base URL, with the headers that it would send. That costs nothing, and
 * is let in or refused as a model call is. Resolves with `undefined` where the answer is one that Codex can use.
 */
export async function tryAsCodex(
  document: JsonObject,
  { env, version }: { readonly env: Environment; readonly version: string },
): Promise<CodexTry | undefined> {
  const { baseUrl = '' } = providerInUse(document);
  const { headers, sendsLogin } = codexHeaders(document, env);
  const url = `${baseUrl.replace(/\/+$/, '')}/models?client_version=${encodeURIComponent(version)}`;
  try {
    const answer = await fetch(url, {
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(askTimeoutMs),
    });
    const text = await answer.text();
    return answer.ok ? undefined : { status: answer.status, reason: messageIn(text), sendsLogin };
  } catch (error) {
    const { cause } = error as { readonly cause?: unknown };
    return { status: undefined, reason: codeOf(cause) ?? String(error), sendsLogin };
  }
}

function messageIn(text: string): string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return text.slice(0, 300);
  }
  const message = isJsonObject(body) ? memberAt(body, 'error', 'message') : undefined;
  return typeof message === 'string' ? message : text.slice(0, 300);
}
