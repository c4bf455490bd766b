import type { JsonObject } from '../../kernel/json-object.ts';
import { holdsNone } from '../../protocol/apis/common/holds-none.ts';
import { refuseRepeatedKeys } from '../../protocol/apis/common/read-event.ts';
import type { AnswerContent } from '../../protocol/apis/round-codec.ts';
import type { TextTransform } from '../../features/hooks/scripts/text-transform.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { RoundItem } from '../../protocol/apis/round.ts';
import type { AnswerRun } from './answer-run.ts';
import { withUnfinished } from './broken-round.ts';
import { nextJson, type JsonAnswer } from './next-answer.ts';
import { isChange, type CallResolution } from './resolve-call.ts';

/** The round that is worked on: what the model said in it, and what was decided of that. */
interface OpenRound {
  items: readonly RoundItem[];
  resolutions: Map<string, CallResolution>;
}

/**
 * An answer that is no stream. The same object where no step changed anything. Of one that fails, of which the client
 * gets nothing, is remembered what ran.
 */
export async function wholeAnswer(came: JsonAnswer, run: AnswerRun): Promise<JsonObject> {
  const round: OpenRound = { items: [], resolutions: new Map() };
  try {
    return await allRounds(came, run, round);
  } catch (error) {
    run.decisions?.leave();
    const { items } = round;
    const resolutions = withUnfinished({ items: () => items }, round.resolutions, run.decisions);
    // Those that the client would have got it does not get, and those that wait for its user are ended.
    const held = items.filter(({ key }) => (resolutions.get(key)?.kind ?? 'released') !== 'released');
    run.record.breakOff(held, resolutions);
    throw error;
  }
}

async function allRounds(came: JsonAnswer, run: AnswerRun, round: OpenRound): Promise<JsonObject> {
  const { send, limits } = run.options;
  const { answer: first } = came;
  let { answer, text } = came;
  let isChanged = false;
  for (;;) {
    refuseRepeatedKeys(text, run.holds);
    const content = run.codec.readAnswer(answer, run.holds);
    const resolutions = new Map<string, CallResolution>();
    [round.items, round.resolutions] = [content.items, resolutions];
    run.decisions?.beginRound();
    await resolveAll(content, run, resolutions);
    isChanged ||= [...resolutions.values()].some(isChange);
    if (content.ending === 'failed') run.fail(answer);
    if (!isChanged && !run.holdsEnd) return withTexts(first, run);
    const settled = await run.settled(resolutions);
    // The record has them now.
    round.items = [];
    const next = await nextOf(content, settled, run);
    if (next === undefined) {
      const whole = isChanged ? run.codec.writeAnswer(answer, run.record.end()) : first;
      const changed = await withTexts(whole, run);
      const given = withMessages(changed, content, run);
      // Behind what is remembered: texts that were changed on their way are known by what they became.
      if (changed !== whole)
        run.record.given(run.codec.readAnswer(given, holdsNone).items.map(({ item }) => item));
      return given;
    }
    isChanged = true;
    ({ answer, text } = await nextJson(next, send, limits.maxEventBytes));
  }
}

async function resolveAll(
  { items }: AnswerContent,
  { decisions, holds }: AnswerRun,
  resolutions: Map<string, CallResolution>,
): Promise<void> {
  if (decisions === undefined) return;
  await Promise.all(
    items.map(async ({ key, call }) => {
      if (call !== undefined && holds(call)) resolutions.set(key, await decisions.resolve(call, key));
    }),
  );
}

async function nextOf(
  content: AnswerContent,
  resolutions: ReadonlyMap<string, CallResolution>,
  run: AnswerRun,
): Promise<Exchange | undefined> {
  const after = run.record.take(content, resolutions);
  return after.kind === 'again' ? run.again(after.request) : run.afterEnd(content.ending);
}

/** With what is said behind the answer; what the client gets is remembered. */
function withMessages(answer: JsonObject, { ending }: AnswerContent, run: AnswerRun): JsonObject {
  const { record, codec, messageHead: head } = run;
  if (record.isAsking) endWhereLeft(run);
  const text = run.messages(ending);
  const given = text === undefined ? [] : codec.readAnswer(answer, holdsNone).items.map(({ item }) => item);
  if (text !== undefined) record.say({ head, text });
  record.remember();
  if (text === undefined) return answer;
  return codec.writeAnswer(answer, { ...record.end(), items: [...given, codec.textItem(head, text)] });
}

/** Ends the call that asks where its client does not get the question: it may have left by now, or leave while it is written. */
function endWhereLeft({ record, options }: AnswerRun): void {
  const { signal } = options.exchange;
  signal.throwIfAborted();
  signal.addEventListener(
    'abort',
    () => {
      record.breakOff([], new Map());
    },
    { once: true },
  );
}

/** With its texts as the client gets them. */
async function withTexts(answer: JsonObject, run: AnswerRun): Promise<JsonObject> {
  const transform = await run.texts();
  if (transform === undefined) return answer;
  const { api } = run.options.exchange.request;
  const { ownTexts } = run.record;
  return codecOf(api).answer.replaceTexts(answer, (text) => changedBefore(text, ownTexts, transform));
}

/** Our own words, which may stand behind the model's in one text, stay. */
async function changedBefore(
  text: string,
  ownTexts: readonly string[],
  transform: TextTransform,
): Promise<string> {
  const own = ownTexts.find((ours) => text.endsWith(ours)) ?? '';
  const before = text.slice(0, text.length - own.length);
  const models = own === '' ? before : before.trimEnd();
  return (await changedText(transform, models)) + text.slice(models.length);
}

async function changedText(transform: TextTransform, text: string): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of transform(once(text))) pieces.push(piece);
  return pieces.join('');
}

// eslint-disable-next-line @typescript-eslint/require-await -- a text that is there already, where one that comes is wanted
async function* once(text: string): AsyncGenerator<string, void, undefined> {
  if (text !== '') yield text;
}
