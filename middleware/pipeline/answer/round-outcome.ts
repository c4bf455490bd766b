import type { JsonObject } from '../../kernel/json-object.ts';
import type { RoundCodec } from '../../protocol/apis/round-codec.ts';
import type { HistoryItem } from '../../protocol/apis/history-item.ts';
import type { RoundItem } from '../../protocol/apis/round.ts';
import type { ToolCall } from '../../protocol/apis/tool-call.ts';
import type { CallOutput } from '../../protocol/apis/turn-codec.ts';
import type { CallProgress, OpenQuestion } from '../../features/sessions/session-turns.ts';
import type { CallAnswer, CallStep, WaitingCall } from '../call-checks.ts';
import type { CallResolution } from './resolve-call.ts';

type Refused = Exclude<CallResolution, { readonly kind: 'released' }>;

/** One thing of a round, with what became of it. */
export interface CallOutcome {
  /** With the input that it was released with, where that is another than the model's. */
  readonly item: JsonObject;
  readonly call: ToolCall | undefined;
  /** `undefined`: the client gets it. */
  readonly refused: Refused | undefined;
}

const answeredAlone =
  'Its server asked the user something, and the user is asked by one call alone. It was ended. Make it again by itself.';

const askAlone =
  "This call needs the user's permission, and the user is asked about one call alone. It was not run. Make it again by itself.";

/** What became of the items of a round. */
export function outcomesOf(
  items: readonly RoundItem[],
  resolutions: ReadonlyMap<string, CallResolution>,
  codec: RoundCodec,
): readonly CallOutcome[] {
  return items.map(({ item, call, key }) => {
    const resolution = resolutions.get(key);
    if (call === undefined || resolution === undefined) return { item, call, refused: undefined };
    const input = 'input' in resolution ? resolution.input : undefined;
    const changed = input === undefined ? item : codec.withInput(item, input);
    return { item: changed, call, refused: resolution.kind === 'released' ? undefined : resolution };
  });
}

/** What the model is told of the calls that its client does not get. */
export function outputsOf(outcomes: readonly CallOutcome[], codec: RoundCodec): readonly HistoryItem[] {
  // Behind the outputs that the client has yet to send we could not put them.
  const canShow = codec.holdsImages || outcomes.every(({ refused }) => refused !== undefined);
  return outcomes.flatMap(({ item, refused }) => {
    if (refused === undefined) return [];
    const output = outputOf(refused);
    return codec.outputs(item, canShow ? output : withoutImages(output));
  });
}

function withoutImages({ text, images = [], isError }: CallOutput): CallOutput {
  const note =
    images.length === 0 ? [] : [`[${images.length} image(s) left out: this API has no place for them]`];
  return { text: [text, ...note].filter((line) => line !== '').join('\n'), isError };
}

function outputOf(refused: Refused): CallOutput {
  switch (refused.kind) {
    case 'refused':
      return { text: refused.output, isError: true };
    case 'answered':
      return outputOfAnswer(refused);
    case 'stop':
      return { text: refused.reason, isError: true };
    case 'ask':
      return { text: askAlone, isError: true };
    case 'waits':
      return { text: answeredAlone, isError: true };
  }
}

/** What came of a call that was run here, as it stands in the conversation. */
function outputOfAnswer({ output, images = [], isError }: CallAnswer): CallOutput {
  return { text: output, images, isError };
}

/** What a call that goes on behind a question comes to, as the memory of the conversation has it. */
export function progressOf(step: CallStep): CallProgress {
  if (!('asks' in step)) return { output: outputOfAnswer(step), stop: step.stop };
  return openQuestionOf(step);
}

/** The question of a call that waits, as the memory of the conversation has it. */
export function openQuestionOf({ asks, over, goOn }: WaitingCall): OpenQuestion {
  return { asks, over, goOn: async (text, by) => progressOf(await goOn(text, by)) };
}

/** Why the turn ends with a round, where something wants that. */
export function stopIn(outcomes: readonly CallOutcome[]): string | undefined {
  const stopped = outcomes.flatMap(({ refused }) => {
    if (refused?.kind === 'stop') return [refused.reason];
    return refused?.kind === 'answered' && refused.stop !== undefined ? [refused.stop] : [];
  });
  return stopped[0];
}

type Asked = Extract<Refused, { readonly kind: 'ask' | 'waits' }>;

/** The first call that the user is to be asked about, or something by. */
export function askedIn(
  outcomes: readonly CallOutcome[],
): { readonly outcome: CallOutcome; readonly refused: Asked } | undefined {
  for (const outcome of outcomes) {
    const { refused } = outcome;
    if (refused?.kind === 'ask' || refused?.kind === 'waits') return { outcome, refused };
  }
  return undefined;
}

/** What the model is told of a call that was begun here, and whose end nobody waited for. */
export const givenUp: Extract<CallResolution, { readonly kind: 'answered' }> = {
  kind: 'answered',
  output:
    'The call was begun and given up before it ended. It may have done its work: look before you make it again.',
  isError: true,
};

/** The outcomes of a round that broke in the middle: nobody reads what a call asks in it. */
export function withoutWaiting(outcomes: readonly CallOutcome[]): readonly CallOutcome[] {
  leaveWaiting(outcomes);
  return outcomes.map((outcome) =>
    outcome.refused?.kind === 'waits' ? { ...outcome, refused: givenUp } : outcome,
  );
}

/** Ends the calls that wait for a user who is not asked by them. */
export function leaveWaiting(outcomes: readonly CallOutcome[], asked?: CallOutcome): void {
  for (const outcome of outcomes)
    if (outcome !== asked && outcome.refused?.kind === 'waits') outcome.refused.leave();
}
