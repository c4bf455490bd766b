import { describe, expect, test } from '@jest/globals';
import { withContexts } from '../../../middleware/protocol/conversation/with-contexts.ts';

const texts = ['one', 'two "quoted"'];

function written(items: readonly unknown[]): string[] {
  return items.map((item) => (Buffer.isBuffer(item) ? item.toString() : JSON.stringify(item)));
}

describe('texts behind an item', () => {
  test('are a developer’s message in the Responses API; the item keeps its bytes [HK-1] [PX-2]', () => {
    const item = Buffer.from('{ "role":"user", "content" : "h\\u00e9" }');
    const context = {
      type: 'message',
      role: 'developer',
      content: texts.map((text) => ({ type: 'input_text', text })),
    };
    expect(written(withContexts('responses', item, texts))).toEqual([
      item.toString(),
      JSON.stringify(context),
    ]);
  });

  test('make a message of an input that is a text alone [HK-1]', () => {
    const [first] = withContexts('responses', Buffer.from('"hi"'), texts);
    expect(first).toEqual({ type: 'message', role: 'user', content: 'hi' });
  });

  test('are one system message in Chat Completions [HK-1]', () => {
    const item = Buffer.from('{"role":"tool","content":"x"}');
    expect(withContexts('chat', item, texts)).toEqual([
      item,
      { role: 'system', content: 'one\n\ntwo "quoted"' },
    ]);
  });

  test.each([
    ['{"role":"user","content":"hi"}', '{"role":"user","content":[{"type":"text","text":"hi"},BLOCKS]}'],
    ['{"content": [ {"a":1} ] ,"role":"user"}', '{"content": [ {"a":1},BLOCKS] ,"role":"user"}'],
    ['{"role":"user","content":[]}', '{"role":"user","content":[BLOCKS]}'],
    [
      '{"role":"user","content":"a]\\"b"}',
      '{"role":"user","content":[{"type":"text","text":"a]\\"b"},BLOCKS]}',
    ],
    ['{"role":"user"}', '{"role":"user"}'],
  ])('are text behind what a message of the Messages API holds: %s [HK-1]', (item, expected) => {
    const blocks = texts.map((text) => JSON.stringify({ type: 'text', text })).join(',');
    expect(written(withContexts('messages', Buffer.from(item), texts))).toEqual([
      expected.replace('BLOCKS', () => blocks),
    ]);
  });

  test('none leave the item alone [PX-2]', () => {
    const item = Buffer.from('{}');
    expect(withContexts('messages', item, [])).toEqual([item]);
  });
});
