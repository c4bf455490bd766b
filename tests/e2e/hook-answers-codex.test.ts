import { expect, jest, test } from '@jest/globals';
import { conversationIn } from '../support/call-clients.ts';
import { startCodexThread } from '../support/codex-thread.ts';
import type { Item } from '../support/fake-upstream/step.ts';
import { makeCodexHome } from '../support/run-codex.ts';
import { useWholeBench } from '../support/whole-bench.ts';

jest.setTimeout(120_000);

const bench = useWholeBench();

const text = (words: string): Item => ({ kind: 'text', text: words });
const says = (answer: object): string => `echo '${JSON.stringify(answer)}'`;

/** What the model knows of its own work and of the words behind it, by its nth request. */
function known(index: number): readonly unknown[] {
  const conversation = conversationIn(bench.upstream.requests.at(index)?.json);
  return conversation.slice(conversation.findIndex(([kind]) => kind === 'text' || kind === 'call'));
}

test('the real Codex CLI shows what hooks say, and its model gets what they changed and nothing else [HK-1] [HK-2]', async () => {
  const codex = await makeCodexHome();
  const updatedToolOutput = { stdout: 'hidden', stderr: '', interrupted: false };
  await bench.hooks({
    UserPromptSubmit: says({ systemMessage: 'heard' }),
    PostToolUse: says({
      systemMessage: 'did',
      hookSpecificOutput: { hookEventName: 'PostToolUse', updatedToolOutput },
    }),
    Stop: `grep -q 'stop_hook_active":true' || ${says({ decision: 'block', reason: 'more' })}`,
  });
  const echo: Item = {
    ...{ kind: 'call', name: 'exec_command', callId: 'c1' },
    arguments: { cmd: 'echo secret' },
  };
  bench.answers([text('Look.'), echo], [text('Seen.')], [text('Done.')], [text('Bye.')]);
  const thread = await startCodexThread(bench.middleware.url, codex);
  expect(await thread.say('Look.')).toEqual({
    status: 'completed',
    messages: ['Look.', 'UserPromptSubmit says: heard', 'Seen.', 'Done.', 'PostToolUse:Bash says: did'],
    commands: [expect.stringContaining('echo secret')],
  });
  await thread.say('Thanks.');
  const heard = [
    ['text', 'Look.'],
    ['call', 'exec_command', { cmd: 'echo secret' }, 'c1'],
    ['output', 'c1', expect.stringMatching(/exited with code 0[^]*Output:\nhidden$/)],
    ['text', 'Seen.'],
    ['user', 'Stop hook feedback:\nmore'],
    ['text', 'Done.'],
    ['user', 'Thanks.'],
  ];
  expect(known(3)).toEqual(heard);
  expect(JSON.stringify(bench.upstream.requests.map(({ json }) => json?.['input']))).not.toContain('says:');
  await thread.end();
  await codex.remove();
});
