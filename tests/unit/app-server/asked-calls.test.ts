import { describe, expect, test } from '@jest/globals';
import { AskedCalls } from '../../../middleware/protocol/app-server/asked-calls.ts';
import { TurnReader } from '../../../middleware/protocol/app-server/turn-reader.ts';
import { CallIds } from '../../../middleware/protocol/translation/call-id.ts';
import { ToolNames } from '../../../middleware/protocol/translation/tool-names.ts';
import { growsLinearly } from '../../support/grows-linearly.ts';

function call(id: string, input = '{}'): Parameters<AskedCalls['ask']>[0] {
  return { id, name: 'weather', input };
}

function inputsOf(calls: AskedCalls): readonly string[] {
  return calls.inOrder().map(({ input }) => input);
}

test('a call is waited for once Codex leaves it to the client, or where its input is no JSON [API-1]', () => {
  const calls = new AskedCalls();
  calls.ask(call('a', '{"city":  "A"}'));
  expect(calls.areWaitedFor).toBe(false);
  calls.leave(call('a', '{"city":"A"}'));
  expect(calls.areWaitedFor).toBe(true);
  // What Codex left to the client it does not run.
  calls.take('a');
  expect(inputsOf(calls)).toEqual(['{"city":  "A"}']);
  const odd = new AskedCalls();
  odd.ask(call('a', 'Rome'));
  expect(odd.areWaitedFor).toBe(true);
  odd.take('a');
  expect([odd.areWaitedFor, inputsOf(odd)]).toEqual([false, []]);
});

test('what Codex told first has the place and the letters of the model [API-1]', () => {
  const calls = new AskedCalls();
  calls.leave(call('b', '2'));
  calls.leave(call('a', '1'));
  calls.ask(call('a', ' 1'));
  calls.ask(call('b', ' 2'));
  expect([calls.areWaitedFor, inputsOf(calls)]).toEqual([true, [' 1', ' 2']]);
});

test('of calls of one id all are kept, in their order, and all taken [API-1]', () => {
  const calls = new AskedCalls();
  calls.ask(call('same', '1'));
  calls.ask(call('other', '2'));
  calls.ask(call('same', '3'));
  expect(inputsOf(calls)).toEqual(['1', '2', '3']);
  calls.take('same');
  expect(inputsOf(calls)).toEqual(['2']);
  calls.leave(call('same', '4'));
  calls.ask(call('same', '5'));
  calls.ask(call('same', '6'));
  expect([calls.areWaitedFor, inputsOf(calls)]).toEqual([true, ['2', '5', '6']]);
});

describe('calls are kept in a time that grows with their number [API-1]', () => {
  const ways: Readonly<Record<string, (calls: AskedCalls, id: string) => void>> = {
    'asked, then left to the client': (calls, id) => {
      calls.ask(call(id));
      calls.leave(call(id));
    },
    'left to the client, then asked': (calls, id) => {
      calls.leave(call(id));
      calls.ask(call(id));
    },
    'run by Codex': (calls, id) => {
      calls.ask(call(id));
      calls.take(id);
      calls.ask(call(`${id} again`));
    },
    'of one id': (calls) => {
      calls.leave(call('same'));
      calls.ask(call('same'));
    },
    'asked whether they are waited for': (calls, id) => {
      calls.ask(call(id));
      if (calls.areWaitedFor) throw new Error('nobody left them to the client');
    },
  };

  test.each(Object.keys(ways))('%s', async (how) => {
    await growsLinearly(
      (count) => Array.from({ length: count }, (_, at) => `call_${at}`),
      (ids) => {
        const calls = new AskedCalls();
        for (const id of ids) ways[how]?.(calls, id);
      },
      2_000,
    );
  });

  test('and read from what a turn tells of them', async () => {
    const turnId = 'turn-1';
    const names = new ToolNames([{ kind: 'function', namespace: undefined, name: 'weather' }]);
    await growsLinearly(
      (count) => Array.from({ length: count }, (_, at) => `call_${at}`),
      (ids) => {
        const offered = new Set(['weather']);
        const turn = new TurnReader({ names, callIds: new CallIds([]), offered, takesSeveral: true });
        turn.noteTurn({ id: turnId });
        for (const id of ids) {
          const item = { type: 'function_call', call_id: id, name: 'weather', arguments: '{}' };
          turn.read('rawResponseItem/completed', { turnId, item });
          turn.noteToolCall({ turnId, callId: id, tool: 'weather', arguments: {} });
        }
        return turn.endWithCalls();
      },
      1_000,
    );
  });
});
