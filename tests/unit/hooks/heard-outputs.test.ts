import { describe, expect, test } from '@jest/globals';
import type { HookEvent } from '../../../middleware/features/hooks/hook-event.ts';
import { HookSessions, type HookSession } from '../../../middleware/features/hooks/sessions/hook-sessions.ts';
import { Sessions } from '../../../middleware/features/sessions/sessions.ts';
import { quiet, type RunHooks } from '../../../middleware/pipeline/hooks/hook-runner.ts';
import type { HookTurn } from '../../../middleware/pipeline/hooks/hook-turn.ts';
import { onLeftOutputs, onToolResults } from '../../../middleware/pipeline/request/hooks/on-tool-results.ts';
import { Conversation } from '../../../middleware/protocol/conversation/conversation.ts';
import { snapshotWith } from '../../support/built-in-context.ts';
import { ranCommand, user } from '../../support/codex-turns.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

const stops: RunHooks = () => Promise.resolve({ ...quiet, stop: 'enough' });

interface MadeTurn {
  readonly turn: HookTurn;
  readonly session: HookSession;
  readonly answers: string[];
}

/** A turn with the output of a call, and what was answered in it. */
function turnWith(behind: readonly object[], events: readonly HookEvent[]): MadeTurn {
  const exchange = exchangeWith({
    body: { input: [user('hi', 'm1'), ...ranCommand('ls', 'c1'), ...behind] },
  });
  const conversation = Conversation.of(exchange.request);
  if (conversation === undefined) throw new Error('there is no conversation');
  const sessions = new HookSessions({
    memory: new Sessions(),
    now: () => 0,
    idleMs: 1_000,
    log: exchange.log,
  });
  const session = sessions.open('s');
  const answers: string[] = [];
  const place = {
    ...{ project: snapshotWith(), session, log: exchange.log, effort: undefined, agent: undefined },
    ...{
      hasReader: true,
      hooks: { entries: [], scripts: [], problems: [], anyFor: (event: HookEvent) => events.includes(event) },
    },
  };
  const answer = (text: string): ReturnType<HookTurn['answer']> => {
    answers.push(text);
    return { kind: 'reply', status: 200, headers: [], body: { kind: 'bytes', bytes: Buffer.alloc(0) } };
  };
  return { turn: { exchange, conversation, place, replied: undefined, answer }, session, answers };
}

test('a hook that ends the turn of an output is the answer, and none where another prompt came [HK-1]', async () => {
  const own = turnWith([], ['PostToolUse']);
  own.session.left.add('c1');
  expect(await onToolResults(own.turn, stops)).toMatchObject({ kind: 'reply' });
  expect(own.answers).toEqual(['enough']);
  const late = turnWith([user('and now', 'm2')], ['PostToolUse']);
  late.session.left.add('c1');
  await onLeftOutputs(late.turn, stops);
  expect(late.answers).toEqual([]);
});

describe('outputs are not looked for', () => {
  /** Whether the conversation was looked at. */
  async function isRead(
    events: readonly HookEvent[],
    keep: (session: HookSession) => void,
  ): Promise<boolean> {
    const { turn, session } = turnWith([], events);
    keep(session);
    let isRead = false;
    const conversation = new Proxy(turn.conversation, {
      get: () => {
        isRead = true;
        throw new Error('was read');
      },
    });
    await onToolResults({ ...turn, conversation }, stops).catch(() => undefined);
    return isRead;
  }

  test('where hooks hear of calls alone, and nothing was kept for what comes of them [HK-1]', async () => {
    expect(await isRead(['PreToolUse', 'Stop', 'UserPromptSubmit'], () => undefined)).toBe(false);
  });

  test('where the session has begun, though hooks hear of its begin [HK-1]', async () => {
    const begun = (session: HookSession): void => {
      session.hasStarted = true;
    };
    expect(await isRead(['PreToolUse', 'SessionStart'], begun)).toBe(false);
    expect(await isRead(['PreToolUse', 'SessionStart'], () => undefined)).toBe(true);
  });

  test.each<{ name: string; events?: readonly HookEvent[]; keep?: (session: HookSession) => void }>([
    { name: 'a hook on outputs', events: ['PostToolUse'] },
    { name: 'one on failures', events: ['PostToolUseFailure'] },
    { name: 'one on batches', events: ['PostToolBatch'] },
    {
      name: 'words about a call',
      keep: ({ contextsOf }) => {
        contextsOf.set('c1', ['said']);
      },
    },
    {
      name: 'an end behind a call',
      keep: ({ stopsAfter }) => {
        stopsAfter.set('c1', 'enough');
      },
    },
    {
      name: 'another output',
      keep: ({ outputOf }) => {
        outputOf.set('c1', 'other');
      },
    },
    {
      name: 'uses of code',
      keep: ({ covered }) => {
        covered.set('post Bash "ls"', 1);
      },
    },
    {
      name: 'an output that was left',
      keep: ({ left }) => {
        left.add('c1');
      },
    },
    {
      name: 'words of the background',
      keep: ({ later }) => {
        later.push('said');
      },
    },
    {
      name: 'hooks that hear of the same at the moment',
      keep: ({ hearing }) => {
        hearing.set('c1', Promise.resolve());
      },
    },
    {
      name: 'a refused call',
      keep: ({ refused }) => {
        refused.push({ turn: '', tool: 'Bash', input: {}, id: 'c0', response: '' });
      },
    },
    {
      name: 'an edit',
      keep: ({ memory }) => {
        memory.ledger.edit('k', { contexts: ['said'] });
      },
    },
  ])('but for $name [HK-1]', async ({ events = ['PreToolUse'], keep = () => undefined }) => {
    expect(await isRead(events, keep)).toBe(true);
  });
});
