import { isJsonObject } from '../../../kernel/json-object.ts';
import { checkHeaders } from '../../mcp/check-headers.ts';
import type { HookEntry, HttpHandler } from '../config/hook-entry.ts';
import type { HookInput } from '../hook-input.ts';
import { keptOutputBytes } from '../hook-limits.ts';
import type { HookEffects } from '../hook-effects.ts';
import type { HookEnd } from '../answer/parse-output.ts';
import { answeredEnd, failedEnd, withinTime } from '../answer/within-time.ts';

interface HttpInvocation {
  readonly input: HookInput;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Posts the input and reads the answer, which has to be a JSON object or empty, with a 2xx status. */
export function runHttpHook(
  entry: HookEntry,
  handler: HttpHandler,
  { input, env, signal }: HttpInvocation,
  post: HookEffects['post'],
): Promise<HookEnd> {
  return withinTime(entry.timeoutMs, signal, async (limited) => {
    const headers = expandHeaders(handler, env);
    checkHeaders(headers);
    const { status, body, isCut } = await post({
      url: handler.url,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(input),
      signal: limited,
      maxAnswerBytes: keptOutputBytes,
    });
    if (status < 200 || status > 299) return failedEnd('not-started', `answered with status ${status}`);
    if (body.trim() === '' || isObject(body) || isCut) return answeredEnd(body, isCut);
    return failedEnd('not-started', 'answered with something else than a JSON object');
  });
}

/** Variables that the hook does not name in `allowedEnvVars` become empty, so that a settings file cannot leak others. */
function expandHeaders(
  { headers, allowedEnvVars }: HttpHandler,
  env: HttpInvocation['env'],
): Readonly<Record<string, string>> {
  const valueOf = (name: string): string => (allowedEnvVars.includes(name) ? (env[name] ?? '') : '');
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      value.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, bare?: string) =>
        valueOf(braced ?? bare ?? ''),
      ),
    ]),
  );
}

function isObject(text: string): boolean {
  try {
    return isJsonObject(JSON.parse(text));
  } catch {
    return false;
  }
}
