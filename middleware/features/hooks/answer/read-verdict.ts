import { isJsonObject } from '../../../kernel/json-object.ts';

/** What a model thinks of what a hook asks it. */
export interface Verdict {
  readonly ok: boolean;
  readonly reason: string;
}

/** Reads `{"ok": true}` or `{"ok": false, "reason": "…"}`, alone or in a code fence; `undefined` for anything else. */
export function readVerdict(text: string): Verdict | undefined {
  try {
    const value: unknown = JSON.parse(withoutFence(text.trim()));
    if (!isJsonObject(value) || typeof value['ok'] !== 'boolean') return undefined;
    return {
      ok: value['ok'],
      reason: typeof value['reason'] === 'string' ? value['reason'] : 'no reason given',
    };
  } catch {
    return undefined;
  }
}

/** Models like to wrap JSON up, also when they are told not to. */
function withoutFence(text: string): string {
  return /^```(?:json)?\s*\n(.*)\n\s*```$/s.exec(text)?.[1] ?? text;
}
