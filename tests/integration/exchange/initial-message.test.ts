import { expect, test } from '@jest/globals';
import { callCases } from '../../support/call-clients.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

const specific = {
  hookEventName: 'SessionStart',
  initialUserMessage: 'read the notes',
  additionalContext: 'be brief',
};

test.each(callCases)(
  'a model of %s (client %i, streamed: %s) gets the first words of a session in front of its first prompt, in every request [HK-1] [PX-2]',
  async (api, which, stream) => {
    await bench.hooks({ SessionStart: `echo '${JSON.stringify({ hookSpecificOutput: specific })}'` });
    bench.answers([{ kind: 'text', text: 'hello' }]);
    const client = bench.client(which);
    await client.tell([['user', 'hi']], stream);
    // What stands behind the prompt is the user's in one API, and nobody's in the others.
    const context = ['user', 'SessionStart hook additional context: be brief'] as const;
    const heard = [['user', 'read the notes'], ['user', 'hi'], context];
    expect(bench.sent(-1)).toEqual(heard);
    const before = bench.upstream.requests.at(-1)?.raw.toString() ?? '';
    await client.tell([['user', 'more']], stream);
    expect(bench.sent(-1)).toEqual([...heard, ['text', 'hello'], ['user', 'more']]);
    const end = before.indexOf('be brief');
    expect(bench.upstream.requests.at(-1)?.raw.toString().slice(0, end)).toBe(before.slice(0, end));
    const roles = (bench.upstream.requests.at(-1)?.json?.['messages'] ?? []) as { role: string }[];
    if (api === 'messages') expect(roles.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  },
);
