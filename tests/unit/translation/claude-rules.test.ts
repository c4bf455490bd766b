import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { askedOf, call, own, result, says, sealed, typesOf } from '../../support/strict/asked-of-claude.ts';
import { claude } from '../../support/strict/models.ts';

describe('[RT-4] thoughts that nothing came of', () => {
  test('are left out where the answer broke off behind them', () => {
    const body = askedOf([says('go'), sealed(own), says('again')]);
    expect(typesOf(body)).toEqual([['user', 'text', 'text']]);
  });

  test('are left out at the end of a message that said something before', () => {
    const body = askedOf([says('go'), sealed(own), says('yes', 'assistant'), sealed(own), says('again')]);
    expect(typesOf(body)).toEqual([
      ['user', 'text'],
      ['assistant', 'thinking', 'text'],
      ['user', 'text'],
    ]);
  });
});

describe("[RT-4] marks for Claude's cache", () => {
  const ids = Array.from({ length: 12 }, (_, index) => `call_${index}`);
  const input = [says('be brief', 'developer'), says('go'), ...ids.map(call), ...ids.map(result)];
  const marksOf = (body: JsonObject): readonly boolean[] =>
    objectsIn(body['messages']).map((message) => JSON.stringify(message).includes('cache_control'));

  test('stand where the request before had one, however many calls came since', () => {
    const body = askedOf(input);
    expect(marksOf(body)).toEqual([true, false, true]);
    expect(JSON.stringify(body).split('"cache_control"')).toHaveLength(5);
  });

  test("are one less where LiteLLM's configuration sets one", () => {
    expect(marksOf(askedOf(input, {}, claude({ cacheMarks: 3 })))).toEqual([false, false, true]);
  });
});
