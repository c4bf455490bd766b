import { callRaw } from './raw-client.ts';
import type { WholeBench } from './whole-bench.ts';

/** What an upstream sends to a client of an API. */
interface SentAnswer {
  readonly api: string;
  readonly frames: readonly string[];
  readonly stream: boolean;
}

/** What a client gets of an answer, where a rule of the user's denies `rm`. */
export async function checkedAnswerTo(
  bench: WholeBench,
  { api, frames, stream }: SentAnswer,
): Promise<string> {
  await bench.file('home/.claude/settings.json', '{"permissions":{"deny":["Bash(rm:*)"]}}');
  const headers = ['content-type', stream ? 'text/event-stream' : 'application/json'];
  bench.answers({ kind: 'bytes', headers, pieces: [Buffer.from(frames.join(''))] }, [
    { kind: 'text', text: 'Then not.' },
  ]);
  const asked = { messages: [{ role: 'user', content: 'clean up' }], max_tokens: 10 };
  const { body } = await callRaw(bench.middleware.port, {
    path: `/v1/${api}`,
    headers: ['x-codex-plus-workspace', bench.workspace],
    body: JSON.stringify({ model: 'm', stream, ...(api === 'responses' ? { input: 'clean up' } : asked) }),
  });
  return body.toString();
}
