import { describe, expect, test } from '@jest/globals';
import { codexBody, codexTurn, user } from '../../support/codex-turns.ts';
import { calls, says } from '../../support/fake-upstream/step.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

const kinds: readonly (readonly [string, object])[] = [
  ['title', { thread_source: 'thread_title' }],
  ['prewarm', { request_kind: 'prewarm' }],
];

/** A client may give this name to any request: what the model calls in the answer is decided all the same. */
describe.each(kinds)('a request that its client calls a %s', (_, metadata) => {
  const input = [user('hi', 'm1')];
  const turn = (stream: boolean): Promise<string> => {
    const { workspace } = bench;
    return codexTurn(bench.middleware.port, { session: 's1', workspace, input, metadata, stream });
  };
  const configure = (): Promise<void> =>
    bench.hooks(
      {
        SessionStart: bench.keeps('in'),
        UserPromptSubmit: `${bench.keeps('in')}; echo more`,
        Stop: `${bench.keeps('in')}; echo "go on" >&2; exit 2`,
        SessionEnd: bench.keeps('in'),
        Notification: bench.keeps('in'),
      },
      undefined,
      { permissions: { deny: ['Bash(rm:*)'], ask: ['Bash(make:*)'] } },
    );

  test('has the calls in its answer decided by rules [SEC-1]', async () => {
    await configure();
    for (const cmd of ['rm -r x', 'make all']) {
      bench.upstream.forget();
      bench.upstream.use((_seen, index) => (index === 0 ? calls('exec_command', { cmd }) : says('a name')));
      const answer = await turn(true);
      expect(answer).not.toContain('function_call');
      expect(answer).toContain('a name');
      expect(bench.upstream.requests).toHaveLength(2);
      bench.upstream.forget();
      bench.upstream.use(() => calls('exec_command', { cmd: 'ls' }));
      expect(await turn(false)).toContain('function_call');
      expect(bench.upstream.requests).toHaveLength(1);
    }
  });

  test('has them decided by PreToolUse hooks [HK-2]', async () => {
    await bench.hooks({ PreToolUse: 'echo "not that" >&2; exit 2' });
    bench.upstream.use((_seen, index) =>
      index === 0 ? calls('exec_command', { cmd: 'ls' }) : says('a name'),
    );
    expect(await turn(true)).not.toContain('function_call');
    expect(bench.upstream.requests).toHaveLength(2);
  });

  test.each([true, false])('goes on unchanged besides, stream: %s [PX-2]', async (stream) => {
    bench.upstream.use(() => says('a name'));
    const plain = await turn(stream);
    await configure();
    // Another one, which looks at the settings at once.
    await bench.restart();
    bench.upstream.forget();
    bench.upstream.use(() => says('a name'));
    expect(await turn(stream)).toBe(plain);
    expect(bench.upstream.requests.map(({ raw }) => raw.toString())).toEqual([codexBody(input, stream)]);
    // What is open is told its end.
    await bench.restart();
    expect(await bench.kept('in')).toEqual([]);
  });
});
