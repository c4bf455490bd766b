import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { callClients, type Spoken } from '../../support/call-clients.ts';
import { allow, deny, useCheckedBench } from '../../support/checked-bench.ts';
import { maxRounds } from '../../support/checked-middleware.ts';
import { chat, messages, responses } from '../../support/fake-upstream/shapes.ts';
import { streams, type Item, type Step } from '../../support/fake-upstream/step.ts';
import { framed } from '../../support/framed.ts';
import { holds } from '../../support/fuzz.ts';

const bench = useCheckedBench();
const shapes = [responses, chat, messages] as const;

/** One answer of the model: what it says, then the tools that it calls. */
interface Round {
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly args: Readonly<Record<string, unknown>> }[];
}

const words = fc.oneof(
  fc.constantFrom('', 'Hello.', '\n\n', '{"type":"response.completed"}', 'ä\u2028"\\', 'data: [DONE]'),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
);
/** `rm` is refused, `ls` allowed, and `other` concerns nobody. */
const called = fc.record({
  name: fc.constantFrom('rm', 'ls', 'other'),
  args: fc.dictionary(fc.constantFrom('path', 'ü', 'n'), fc.oneof(words, fc.integer(), fc.constant(null))),
});
const round: fc.Arbitrary<Round> = fc.record({ text: words, calls: fc.array(called, { maxLength: 4 }) });
const conversation = fc.array(round, { minLength: 1, maxLength: 4 });
const cuts = fc.array(fc.nat({ max: 5_000 }), { maxLength: 8 });

let conversations = 0;

function itemsOf({ text, calls }: Round, prefix: string): readonly Item[] {
  const said: Item[] = text === '' ? [] : [{ kind: 'text', text }];
  return [
    ...said,
    ...calls.map(({ name, args }, at): Item => ({
      ...{ kind: 'call', name, arguments: args },
      callId: `${prefix}_${at}`,
    })),
  ];
}

/** The stream of an answer in pieces that end anywhere. */
function cutStream(which: number, items: readonly Item[], turn: number, at: readonly number[]): Step {
  const events = shapes[which]?.events('m', items, turn) ?? [];
  const bytes = Buffer.from(framed(events).join(''));
  const places = [...new Set([0, ...at.map((place) => place % bytes.length), bytes.length])].sort(
    (a, b) => a - b,
  );
  return streams(places.slice(1).map((end, index) => bytes.subarray(places[index], end)));
}

/** What the client is to get of an answer, and whether the model is called again instead of it. */
function expected(items: readonly Item[]): { readonly spoken: readonly Spoken[]; readonly goesOn: boolean } {
  const spoken = items.flatMap((item): readonly Spoken[] => {
    if (item.kind === 'text') return [['text', item.text]];
    return item.kind === 'call' && item.name !== 'rm'
      ? [['call', item.name, item.arguments, item.callId]]
      : [];
  });
  const hasCalls = items.some(({ kind }) => kind === 'call');
  return { spoken, goesOn: hasCalls && !spoken.some(([kind]) => kind === 'call') };
}

/** The Chat Completions API has one text in a message. */
function joined(spoken: readonly Spoken[]): readonly Spoken[] {
  const texts = spoken.flatMap((one) => (one[0] === 'text' ? [one[1]] : []));
  const rest = spoken.filter(([kind]) => kind !== 'text');
  return texts.length === 0 ? rest : [['text', texts.join('\n\n')], ...rest];
}

/** Names of the calls that the model made in a conversation and that it was refused. */
function refusedIn(spoken: readonly Spoken[]): readonly string[] {
  return spoken.flatMap((one) => (one[0] === 'call' && one[1] === 'rm' ? [one[3]] : []));
}

describe.each([
  ['responses', 0],
  ['chat', 1],
  ['messages', 2],
] as const)('random answers of the %s API', (api, which) => {
  test('cut anywhere: the client gets all that is not refused, as it was made, and the model keeps the rest', () =>
    holds(
      [conversation, cuts],
      async (rounds, at) => {
        const prefix = `c${(conversations += 1)}`;
        bench.decide({ rm: deny('no'), ls: allow });
        bench.upstream.forget();
        const answers = rounds.map((one, turn) => itemsOf(one, `${prefix}_${turn}`));
        // The last one says something and calls nothing, so that every conversation comes to an end.
        answers.push([{ kind: 'text', text: 'End.' }]);
        bench.upstream.use((_seen, index) =>
          cutStream(
            which,
            answers[Math.min(index, answers.length - 1)] ?? [],
            conversations * 10 + index,
            at,
          ),
        );

        const given: Spoken[] = [];
        let asked = 0;
        for (let goesOn = true; goesOn && asked < maxRounds; asked += 1) {
          const one = expected(answers[asked] ?? []);
          given.push(...one.spoken);
          goesOn = one.goesOn;
        }
        const client = callClients(bench.middleware.url)[which]!();
        const { spoken } = await client.tell([['user', `hi ${prefix}`]], true);
        expect(spoken).toEqual(api === 'chat' ? joined(given) : given);
        expect(bench.upstream.requests).toHaveLength(asked);

        const outputs = spoken.flatMap((one): readonly Spoken[] =>
          one[0] === 'call' ? [['output', one[3], 'ok']] : [],
        );
        bench.upstream.use(() =>
          cutStream(which, [{ kind: 'text', text: 'Right.' }], conversations * 10 + 9, at),
        );
        await client.tell(outputs.length === 0 ? [['user', 'go on']] : outputs, true);
        const refused = answers
          .slice(0, asked)
          .flatMap((items) => items.filter((item) => item.kind === 'call' && item.name === 'rm'));
        expect(refusedIn(bench.sent(asked))).toEqual(
          refused.map((item) => (item.kind === 'call' ? item.callId : '')),
        );
      },
      40,
    ));
});
