import { describe, expect, test } from '@jest/globals';
import { user, type Item } from '../../support/codex-turns.ts';
import { callRaw } from '../../support/raw-client.ts';
import { useHookBench } from '../../support/hook-bench.ts';

const bench = useHookBench();

/** A conversation as Codex keeps it: what it gets goes back with the next request. */
class Thread {
  readonly items: Item[] = [];

  async say(...said: readonly Item[]): Promise<string> {
    this.items.push(...said);
    const answer = await bench.turn(this.items);
    this.items.push(...(JSON.parse(answer) as { readonly output: readonly Item[] }).output);
    return answer;
  }
}

const secret = 'my SECRET is 4711';

function refusing(word: string): string {
  return `grep -q ${word} && { echo no ${word} >&2; exit 2; } || exit 0`;
}

describe('several answers of ours to one prompt', () => {
  test('a question, a yes and a refusal are all taken out of later requests [HK-3]', async () => {
    await bench.hooks({ UserPromptSubmit: refusing('SECRET') }, 'project/.claude/settings.json');
    const thread = new Thread();
    expect(await thread.say(user(secret, 'm1'))).toContain('Allow?');
    expect(await thread.say(user('y', 'm2'))).toContain('no SECRET');
    expect(bench.upstream.requests).toHaveLength(0);
    await thread.say(user('another', 'm3'));
    expect(bench.sent()).toEqual([user('another', 'm3')]);
    await thread.say(user('more', 'm4'));
    expect(JSON.stringify(bench.sent())).not.toMatch(/SECRET|Allow|"y"/);
  });

  test('two questions to one prompt are both taken out, and the hook of the user runs behind them [HK-3]', async () => {
    await bench.hooks({ UserPromptSubmit: refusing('SECRET') });
    await bench.hooks({ UserPromptSubmit: 'true' }, 'project/.claude/settings.json');
    await bench.hooks({ UserPromptSubmit: 'true ' }, 'project/.claude/settings.local.json');
    const thread = new Thread();
    expect(await thread.say(user(secret, 'm1'))).toContain('Allow?');
    expect(await thread.say(user('y', 'm2'))).toContain('Allow?');
    expect(await thread.say(user('y', 'm3'))).toContain('no SECRET');
    expect(bench.upstream.requests).toHaveLength(0);
    await thread.say(user('another', 'm4'));
    expect(bench.sent()).toEqual([user('another', 'm4')]);
  });

  test('they are taken out of a conversation whose items have no ids as well [HK-3]', async () => {
    await bench.hooks({ UserPromptSubmit: refusing('SECRET') });
    await bench.hooks({ UserPromptSubmit: 'true' }, 'project/.claude/settings.json');
    await bench.hooks({ UserPromptSubmit: 'true ' }, 'project/.claude/settings.local.json');
    const thread = new Thread();
    const says = (text: string): Item => ({ role: 'user', content: text });
    await thread.say(says('hello'));
    await thread.say(says('y'));
    await thread.say(says('y'));
    expect(bench.sent()).toEqual([says('hello')]);
    expect(await thread.say(says(`one ${secret}`))).toContain('no SECRET');
    expect(await thread.say(says(`two ${secret}`))).toContain('no SECRET');
    await thread.say(says('y'));
    expect(bench.sent().filter(({ role }) => role === 'user')).toEqual([says('hello'), says('y')]);
  });

  test('the answer to one question, sent again, is no answer to the next one [HK-3]', async () => {
    await bench.hooks({ UserPromptSubmit: 'echo second' }, 'project/.claude/settings.json');
    await bench.hooks({ UserPromptSubmit: 'true' }, 'project/.claude/settings.local.json');
    const thread = new Thread();
    await thread.say(user('hello', 'm1'));
    const second = await thread.say(user('y', 'm2'));
    expect(second).toContain('echo second');
    const again = thread.items.slice(0, -1);
    expect(await bench.turn(again)).toContain('echo second');
    expect(bench.upstream.requests).toHaveLength(0);
  });

  test('a command that is refused after a yes leaves nothing behind, however it was called [CMD-2]', async () => {
    const shell = '---\nallowed-tools: Bash(false *)\n---\n!`false now`';
    await bench.file('project/.claude/commands/fails.md', shell);
    const thread = new Thread();
    const skill = user(
      '<skill>\n<name>fails</name>\n<!-- codex-plus command -->\ncommand: fails\n</skill>',
      's1',
    );
    expect(await thread.say(user('$fails', 'm1'), skill)).toContain('Allow?');
    expect(await thread.say(user('y', 'm2'))).toContain('Shell command failed');
    const again = thread.items.slice(0, -1);
    expect(await bench.turn(again)).toContain('Shell command failed');
    expect(bench.upstream.requests).toHaveLength(0);
    await thread.say(user('another', 'm3'));
    expect(bench.sent()).toEqual([user('another', 'm3')]);
  });
});

describe('a conversation that its client does not name', () => {
  const greet = '---\nallowed-tools: Bash(echo *)\n---\nSaid: !`echo hi`';

  test('is asked for in each conversation that only a system prompt makes alike [HK-3] [SEC-4]', async () => {
    await bench.file('project/.claude/commands/greet.md', greet);
    const chat = async (...said: readonly string[]): Promise<string> => {
      const turns = said.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content }));
      const messages = [{ role: 'system', content: 'You help.' }, ...turns];
      const answer = await callRaw(bench.middleware.port, {
        path: '/v1/chat/completions',
        headers: ['x-codex-plus-workspace', bench.workspace],
        body: JSON.stringify({ model: 'gpt-5', messages }),
      });
      return answer.body.toString();
    };
    expect(await chat('/greet ada')).toContain('Allow?');
    await chat('Continue?', 'As you like.', 'yes');
    expect(JSON.stringify(bench.upstream.requests.at(-1)?.json)).toContain('yes');
    expect(await chat('/greet bob')).toContain('Allow?');
  });

  test('stays what it became where the client moves its marks for the prompt cache [CMD-2]', async () => {
    await bench.file('project/.claude/commands/fix.md', 'Fix $0.');
    const ephemeral = { cache_control: { type: 'ephemeral' } };
    const message = (text: string, marks: object): object => ({
      role: 'user',
      content: [{ type: 'text', text, ...marks }],
    });
    for (const messages of [
      [message('/fix 1', ephemeral)],
      [message('/fix 1', {}), { role: 'assistant', content: 'done' }, message('more', ephemeral)],
    ]) {
      await callRaw(bench.middleware.port, {
        path: '/v1/messages',
        headers: ['x-codex-plus-workspace', bench.workspace],
        body: JSON.stringify({ model: 'claude', max_tokens: 9, messages }),
      });
      expect(JSON.stringify(bench.upstream.requests.at(-1)?.json?.['messages'])).toContain('Fix 1.');
    }
  });
});
