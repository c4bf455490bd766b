import type { CodexPlusError } from '../../kernel/errors.ts';
import type { Api } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import {
  errorIn,
  errorOfChoices,
  failureOf,
  hasFailed,
  withError,
} from '../../protocol/apis/answer-failure.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { carriesModelWords } from '../../protocol/apis/model-words.ts';
import { faultError } from '../../protocol/translation/faults/fault-error.ts';
import { withoutLitellm } from '../../protocol/translation/faults/litellm-fault.ts';
import { toldFault } from '../../protocol/translation/faults/told-fault.ts';

/** An event of a stream as its client is to have it. */
export type TellEvent = (told: JsonObject) => JsonObject;

interface TellOptions {
  /** Whether LiteLLM may have put its words around. */
  readonly isLitellms: boolean;
  /** Words for a failure with who was called, where they do not say it. */
  readonly name: (message: string) => string;
}

/**
 * What tells the events of LiteLLM's streams that say that an answer failed in the terms of their API: LiteLLM puts words of its own
 * around what its provider says, and codes of its own to them. What it put no words around is the provider's, and the same event, but for
 * what says beside a choice that it failed, where no client looks for it. What broke off says who was called.
 */
export function tellFailedEvents(api: Api, { isLitellms, name }: TellOptions): TellEvent {
  const tell = isLitellms ? tellLitellms(api) : asTold;
  return (told) => {
    const retold = tell(told);
    const { message } = failureOf(retold);
    const named = message === undefined ? message : name(message);
    return named === message ? retold : withError(retold, { ...errorIn(retold), message: named });
  };
}

const asTold: TellEvent = (told) => told;

function tellLitellms(api: Api): TellEvent {
  const { faultInStream } = codecOf(api).local;
  return (told) => {
    const ofChoices = hasFailed(told) ? undefined : errorOfChoices(told);
    if (ofChoices !== undefined) return { error: faultInStream(toldFault(ofChoices)) };
    const { message } = failureOf(told);
    if (message === undefined || withoutLitellm(message) === message.trim()) return told;
    return withError(told, faultInStream(toldFault(faultIn(told, message))));
  };
}

/**
 * The error that an answer is which came under a good status; `undefined` for one that has words of a model in it, and does not say beside
 * them that it failed.
 */
export function errorInAnswer(told: JsonObject): CodexPlusError | undefined {
  const ofChoices = errorOfChoices(told);
  if (ofChoices !== undefined) return faultError(toldFault(ofChoices));
  if (!hasFailed(told) || carriesModelWords(told)) return undefined;
  return faultError(toldFault(faultIn(told, failureOf(told).message)));
}

function faultIn(told: JsonObject, message: string | undefined): JsonObject {
  return { ...errorIn(told), message };
}
