import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { call, deny, text, useCheckedBench } from '../support/checked-bench.ts';
import { startCodexThread } from '../support/codex-thread.ts';
import { makeCodexHome, pointedAt } from '../support/run-codex.ts';

jest.setTimeout(120_000);

const bench = useCheckedBench();

function touch(file: string, callId: string): ReturnType<typeof call> {
  return call('exec_command', callId, { cmd: `touch ${file}` });
}

/** Decides commands by the file that they touch. */
function decideFiles(): void {
  bench.middleware.use({
    mayConcern: (tool) => tool === 'Bash',
    check: ({ input }) => {
      if (input.includes('denied')) return Promise.resolve(deny('Permission to use Bash has been denied.'));
      if (input.includes('asked')) return Promise.resolve({ kind: 'ask', question, resolve: noted });
      const updatedInput = { command: 'touch changed' };
      return Promise.resolve(input.includes('old') ? { kind: 'allow', updatedInput } : { kind: 'allow' });
    },
  });
}

const question = 'Touch it?\n\nAllow? (Y)es/(N)o/(A)lways';
const noted = (): Promise<void> => Promise.resolve();

/** The conversation that the model got last, from its first call on. */
function lastKnown(): readonly unknown[] {
  const conversation = bench.sent(bench.upstream.requests.length - 1);
  return conversation.slice(conversation.findIndex(([kind]) => kind === 'text' || kind === 'call'));
}

const ran = (callId: string): unknown => ['output', callId, expect.stringContaining('exited with code 0')];
const refused = (callId: string): unknown => ['output', callId, 'Permission to use Bash has been denied.'];

describe('the real Codex CLI', () => {
  test('runs what is allowed, as it was changed, and never gets what is refused [HK-2]', async () => {
    const codex = await makeCodexHome();
    decideFiles();
    bench.answers(
      [text('First.'), touch('denied1', 'c1')],
      [touch('denied2', 'c2'), touch('kept', 'c3')],
      [touch('old', 'c4')],
      [text('Done.')],
    );
    const run = await codex.exec([...pointedAt(bench.middleware.url), '--model', 'm', 'Touch files.']);
    expect(run.errors).toEqual([]);
    expect([run.exitCode, run.messages]).toEqual([0, ['First.', 'Done.']]);
    const files = ['denied1', 'denied2', 'kept', 'old', 'changed'];
    expect(files.filter((file) => existsSync(join(codex.workspace, file)))).toEqual(['kept', 'changed']);
    expect(lastKnown()).toEqual([
      ['text', 'First.'],
      ['call', 'exec_command', { cmd: 'touch denied1' }, 'c1'],
      refused('c1'),
      ['call', 'exec_command', { cmd: 'touch denied2' }, 'c2'],
      expect.arrayContaining(['call', 'c3']) as unknown,
      refused('c2'),
      ran('c3'),
      ['call', 'exec_command', { cmd: 'touch changed' }, 'c4'],
      ran('c4'),
    ]);
    await codex.remove();
  });

  test.each([
    ['before the answer begins', []],
    ['in the middle of it', [text('Let me see.')]],
  ])(
    'shows its user why an answer was given up %s, without trying again [HK-2] [PX-4]',
    async (_when, said) => {
      const codex = await makeCodexHome();
      decideFiles();
      bench.upstream.use((_seen, turn) => ({
        ...{ kind: 'answer', turn },
        items: [...(turn === 0 ? said : []), touch('denied', `c${turn}`)],
      }));
      const run = await codex.exec([...pointedAt(bench.middleware.url), '--model', 'm', 'Touch files.']);
      expect(run.errors).toEqual(
        expect.arrayContaining([expect.stringContaining('the model was called 4 times')]),
      );
      expect(bench.upstream.requests).toHaveLength(4);
      await codex.remove();
    },
  );

  test.each([
    ['y', ['asked']],
    ['n', []],
  ])('asks its user, who answers %s in the conversation [HK-2]', async (word, files) => {
    const codex = await makeCodexHome();
    decideFiles();
    bench.answers([text('May I?'), touch('asked', 'c1')], [text('Well.')], [text('Bye.')]);
    const thread = await startCodexThread(bench.middleware.url, codex);
    expect(await thread.say('Touch it.')).toEqual({
      status: 'completed',
      messages: ['May I?', question],
      commands: [],
    });
    const answered = await thread.say(word);
    expect(answered).toMatchObject({ status: 'completed', messages: ['Well.'] });
    expect(answered.commands).toHaveLength(files.length);
    expect(existsSync(join(codex.workspace, 'asked'))).toBe(files.length > 0);
    const last = await thread.say('Thanks.');
    expect(last.messages).toEqual(['Bye.']);
    const output = word === 'y' ? ran('c1') : ['output', 'c1', expect.stringContaining('STOP')];
    expect(lastKnown()).toEqual([
      ['text', 'May I?'],
      ['call', 'exec_command', { cmd: 'touch asked' }, 'c1'],
      output,
      ['text', 'Well.'],
      ['user', 'Thanks.'],
    ]);
    await thread.end();
    await codex.remove();
  });
});
