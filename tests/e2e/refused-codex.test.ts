import { expect, jest, test } from '@jest/globals';
import { startCodexThread } from '../support/codex-thread.ts';
import type { Item } from '../support/fake-upstream/step.ts';
import { makeCodexHome, pointedAt } from '../support/run-codex.ts';
import { useWholeBench } from '../support/whole-bench.ts';

jest.setTimeout(120_000);

const bench = useWholeBench();

const text = (words: string): Item => ({ kind: 'text', text: words });
const remove: Item = {
  ...{ kind: 'call', name: 'exec_command', callId: 'c1' },
  arguments: { cmd: 'rm kept' },
};

async function denyRm(): Promise<void> {
  await bench.file('home/.claude/settings.json', JSON.stringify({ permissions: { deny: ['Bash(rm:*)'] } }));
  bench.answers([text('I remove it.'), remove], [text('I may not remove it.')]);
}

test("Codex's interface shows behind the answer which rule refused a call [SEC-1]", async () => {
  await denyRm();
  const thread = await startCodexThread(bench.middleware.url, await makeCodexHome());
  expect((await thread.say('Remove it.')).messages).toEqual([
    'I remove it.',
    'I may not remove it.',
    expect.stringMatching(
      /^Codex-Plus refused a call of Bash: deny rule Bash\(rm:\*\) of the user's settings/,
    ),
  ]);
  await thread.end();
});

test('codex exec, whose last message is its output, shows only what the model says of a refused call [SEC-1]', async () => {
  await denyRm();
  const codex = await makeCodexHome();
  const run = await codex.exec([...pointedAt(bench.middleware.url), '--model', 'm', 'Remove it.']);
  expect([run.exitCode, run.messages]).toEqual([0, ['I remove it.', 'I may not remove it.']]);
  expect(bench.middleware.lines.map(({ message }) => message)).toContain('a call of the model was refused');
});
