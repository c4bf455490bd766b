import type { JsonObject } from '../../middleware/kernel/json-object.ts';
import { chatProvider } from '../../middleware/protocol/apis/chat/translation/provider.ts';
import { eventFrame } from '../../middleware/protocol/apis/common/read-event.ts';
import { messagesProvider } from '../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../middleware/protocol/apis/responses/translation/client.ts';
import { parseWithExactInputs } from '../../middleware/protocol/json/exact-numbers.ts';
import type { ModelTraits } from '../../middleware/protocol/translation/model-traits.ts';
import { translateRequest } from '../../middleware/protocol/translation/translate-request.ts';
import type { ProviderTranslation } from '../../middleware/protocol/translation/translation-codec.ts';
import { PushStream } from '../../middleware/upstreams/transport/push-stream.ts';
import { translatedStream } from '../../middleware/upstreams/translated/translated-stream.ts';
import { createCodexRequest } from '../codex-request.ts';
import { quantile } from '../figures.ts';

export const translationScenario = {
  name: 'translation',
  title: 'a request of Codex (62 KB) as that of another provider, and its stream back: time of the processor',
} as const;

interface Provider {
  readonly title: string;
  readonly provider: ProviderTranslation;
  readonly traits: ModelTraits;
  /** An answer of so many words, as this API streams it. */
  readonly events: (words: number) => readonly JsonObject[];
}

/** What translating for one provider took, each figure for each of the runs. */
export interface TranslationTimes {
  readonly title: string;
  /** Read and written again without being translated: what no translation could save. */
  readonly parsedUs: readonly number[];
  readonly requestUs: readonly number[];
  /** For an event, from its bytes to those of the client. */
  readonly eventUs: readonly number[];
  /** Words of which nothing had gone out when the next one came. */
  readonly late: number;
}

const traits: ModelTraits = {
  ...{ provider: undefined, maker: undefined, providerModel: 'm', hasOtherAddress: false, isDirect: false },
  ...{ takesImages: true, reasons: true, thinksAdaptively: true, alwaysThinks: false },
  efforts: ['low', 'medium', 'high'],
  ...{
    takesSampling: false,
    takesSchema: true,
    takesForcedTools: true,
    takesSystemTurns: true,
    cacheMarks: 4,
  },
  ...{ usualMaxTokens: undefined, maxOutputTokens: 64_000 },
};

const providers: readonly Provider[] = [
  {
    title: 'Messages (Claude)',
    provider: messagesProvider,
    traits: { ...traits, provider: 'anthropic', maker: 'anthropic' },
    events: (words) => [
      {
        type: 'message_start',
        message: { id: 'm', role: 'assistant', content: [], usage: { input_tokens: 1 } },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      ...Array.from({ length: words }, (_, at) => ({
        ...{ type: 'content_block_delta', index: 0 },
        delta: { type: 'text_delta', text: ` word${at}` },
      })),
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: words } },
      { type: 'message_stop' },
    ],
  },
  {
    title: 'Chat Completions (Gemini and others)',
    provider: chatProvider,
    traits: { ...traits, provider: 'deepseek', maker: 'deepseek', takesSampling: true },
    events: (words) => [
      ...Array.from({ length: words }, (_, at) => ({
        choices: [{ index: 0, delta: { content: ` word${at}` }, finish_reason: null }],
      })),
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    ],
  },
];

const words = 400;
/** What the just-in-time compiler needs until it has seen everything. */
const warmUps = 30;
const limits = { maxEventBytes: 1e9, maxStreamBytes: 1e9 };

/** In this process: nothing is sent, so that the figures are those of the translation alone. */
export function runTranslations(rootDir: string, bytes: number, runs: number): readonly TranslationTimes[] {
  const { body } = createCodexRequest(rootDir, { bytes, stream: true, beginsTurn: true });
  return providers.map((each) => {
    const times = { parsedUs: [] as number[], requestUs: [] as number[], eventUs: [] as number[], late: 0 };
    for (let run = -warmUps; run < runs; run += 1) {
      const parsedUs = timedUs(() => Buffer.from(JSON.stringify(JSON.parse(body.toString()))));
      const requestUs = timedUs(() => Buffer.from(JSON.stringify(translated(body, each).body)));
      const { eventUs, late } = streamed(body, each);
      if (run < 0) continue;
      times.parsedUs.push(parsedUs);
      times.requestUs.push(requestUs);
      for (const us of eventUs) times.eventUs.push(us);
      times.late += late;
    }
    return { title: each.title, ...times };
  });
}

function translated(body: Buffer, each: Provider): ReturnType<typeof translateRequest> {
  const read = parseWithExactInputs(body.toString()) as JsonObject;
  return translateRequest(read, { client: responsesClient, provider: each.provider }, each.traits);
}

function streamed(
  body: Buffer,
  each: Provider,
): { readonly eventUs: readonly number[]; readonly late: number } {
  const { request, names, callIds } = translated(body, each);
  const reader = each.provider.openReader(names, each.traits, callIds);
  const nothing = (): undefined => undefined;
  const source = new PushStream({ pause: nothing, resume: nothing, cancel: nothing });
  let passed = '';
  const take = (chunk: Buffer): boolean => {
    passed += chunk.toString('latin1');
    return true;
  };
  const sides = { reader, writer: responsesClient.openWriter(request, 1) };
  translatedStream(source, sides, limits).deliver({ data: take, end: nothing, fail: nothing });
  const eventUs: number[] = [];
  let late = 0;
  for (const event of each.events(words)) {
    const { raw } = eventFrame(event);
    const word = /word\d+/.exec(raw.toString())?.[0];
    passed = '';
    eventUs.push(
      timedUs(() => {
        source.push(raw);
      }),
    );
    if (word !== undefined && !passed.includes(word)) late += 1;
  }
  source.finish();
  return { eventUs, late };
}

/** What the processor worked for it: other work on the machine does not count. */
function timedUs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** The figures as lines of text. */
export function translationTable(times: readonly TranslationTimes[]): string {
  const ms = (list: readonly number[], part: number): string =>
    `${((quantile(list, part) ?? NaN) / 1_000).toFixed(3)} ms`;
  const lines = times.flatMap(({ title, parsedUs, requestUs, eventUs, late }) => [
    title,
    `  the request        p50 ${ms(requestUs, 0.5)}   p90 ${ms(requestUs, 0.9)}   (parsed and written alone: p50 ${ms(parsedUs, 0.5)})`,
    `  an event           p50 ${ms(eventUs, 0.5)}   p99 ${ms(eventUs, 0.99)}   words behind the next event: ${late}`,
  ]);
  return [`\n${translationScenario.title}`, ...lines].join('\n');
}
