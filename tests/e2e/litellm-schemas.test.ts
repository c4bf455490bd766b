import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { objectIn, parseJsonObject, type JsonObject } from '../../middleware/kernel/json-object.ts';
import { objectsIn } from '../../middleware/protocol/apis/common/read-event.ts';
import { startAnsweredTiers, type AnsweredTiers } from '../support/strict/answered-tiers.ts';

const twoMinutes = 120_000;
let tiers: AnsweredTiers;

beforeAll(async () => {
  tiers = await startAnsweredTiers();
  tiers.provider.answer((res) => {
    const content = { role: 'model', parts: [{ text: 'Done.' }] };
    res.setHeader('content-type', 'application/json');
    const usageMetadata = { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 };
    res.end(JSON.stringify({ candidates: [{ content, finishReason: 'STOP', index: 0 }], usageMetadata }));
  });
}, twoMinutes);

afterAll(() => tiers.close(), twoMinutes);

/** A call with one tool, in each API. */
const calls: readonly (readonly [path: string, body: (parameters: JsonObject) => JsonObject])[] = [
  [
    '/v1/responses',
    (parameters) => ({ input: 'go', tools: [{ type: 'function', name: 'look', parameters, strict: false }] }),
  ],
  [
    '/v1/chat/completions',
    (parameters) => ({
      messages: [{ role: 'user', content: 'go' }],
      tools: [{ type: 'function', function: { name: 'look', parameters } }],
    }),
  ],
  [
    '/v1/messages',
    (parameters) => ({
      max_tokens: 100,
      messages: [{ role: 'user', content: 'go' }],
      tools: [{ name: 'look', input_schema: parameters }],
    }),
  ],
];

const numbers = { type: 'array', items: { type: 'number' } };
/** What a member of a tool is, and what Gemini has to be told of it. Source: Gemini API, "Schema". */
const members: readonly (readonly [written: unknown, taken: unknown])[] = [
  [true, expect.anything()],
  [false, undefined],
  [{ type: 'array', items: true }, expect.objectContaining({ type: 'array' })],
  [{ type: 'array', items: [{ type: 'number' }, { type: 'number' }] }, numbers],
  [{ type: 'array', prefixItems: [{ type: 'number' }], items: false }, numbers],
  [{ enum: ['a', 'b'] }, { type: 'string', enum: ['a', 'b'] }],
  [{ const: 'x' }, { type: 'string', enum: ['x'] }],
  [
    { type: ['string', 'null'], enum: ['a', null] },
    { type: 'string', nullable: true, enum: ['a'] },
  ],
  [{ oneOf: [{ type: 'string' }, { type: 'number' }] }, { anyOf: [{ type: 'string' }, { type: 'number' }] }],
  [
    { allOf: [{ type: 'object', properties: { a: { type: 'string' } } }, { required: ['a'] }] },
    { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
  ],
];

describe.each(calls)('[RT-4] the schema of a tool reaches Gemini as what it says: %s', (path, bodyOf) => {
  test(
    'also where it is written in a rarer form',
    async () => {
      for (const [written, taken] of members) {
        const before = tiers.provider.calls.length;
        const answer = await fetch(`${tiers.middleware.url}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            model: 'gemini',
            ...bodyOf({ type: 'object', properties: { it: written, other: { type: 'string' } } }),
          }),
        });
        expect([written, answer.status, await answer.text()]).toEqual([
          written,
          200,
          expect.stringContaining('Done.'),
        ]);
        expect(tiers.provider.calls).toHaveLength(before + 1);
        const sent = parseJsonObject(tiers.provider.calls.at(-1)?.body.toString() ?? '') ?? {};
        const [tool] = objectsIn(sent['tools']);
        const [declared] = objectsIn(tool?.['function_declarations'] ?? tool?.['functionDeclarations']);
        const { properties } = objectIn(declared?.['parameters']);
        expect([written, objectIn(properties)['it']]).toEqual([written, taken]);
      }
    },
    twoMinutes,
  );
});
