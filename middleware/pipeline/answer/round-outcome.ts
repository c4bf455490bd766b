import type { JsonObject } from '../../kernel/json-object.ts';
import type { RoundCodec } from '../../protocol/apis/round-codec.ts';
import type { HistoryItem } from '../../protocol/apis/history-item.ts';
import type { RoundItem } from '../../protocol/apis/round.ts';
import type { ToolCall } from '../../protocol/apis/tool-call.ts';
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
  return outcomes.flatMap(({ item, refused }) =>
    refused === undefined ? [] : codec.outputs(item, ...outputOf(refused)),
  );
}

function outputOf(refused: Refused): [text: string, isError: boolean] {
  switch (refused.kind) {
    case 'refused':
      return [refused.output, true];
    case 'answered':
      return [refused.output, refused.isError];
    case 'stop':
      return [refused.reason, true];
    case 'ask':
      return [askAlone, true];
  }
}

/** The first call that something of a kind was decided about. */
export function refusedAs<Kind extends Refused['kind']>(
  kind: Kind,
  outcomes: readonly CallOutcome[],
):
  { readonly outcome: CallOutcome; readonly refused: Extract<Refused, { readonly kind: Kind }> } | undefined {
  for (const outcome of outcomes) {
    const { refused } = outcome;
    if (refused !== undefined && isKind(refused, kind)) return { outcome, refused };
  }
  return undefined;
}

function isKind<Kind extends Refused['kind']>(
  refused: Refused,
  kind: Kind,
): refused is Extract<Refused, { readonly kind: Kind }> {
  return refused.kind === kind;
}
