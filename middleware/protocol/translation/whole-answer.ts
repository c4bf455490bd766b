import { CodexPlusError } from '../../kernel/errors.ts';
import type { AnswerEvent, AnswerUsage, CallBegin, EndReason } from './answer-event.ts';
import { faultError } from './faults/fault-error.ts';
import type { Original } from './original.ts';

export type AnswerPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reasoning'; readonly text: string; readonly original: Original | undefined }
  | {
      readonly kind: 'call';
      readonly begin: CallBegin;
      readonly input: string;
      readonly isObject: boolean;
    };

export interface WholeAnswer {
  readonly parts: readonly AnswerPart[];
  readonly reason: EndReason;
  /** What the provider said itself, where nobody knows what it means. */
  readonly told: string | undefined;
  /** How it ended as a summary, where that is another end. */
  readonly asSummary: EndReason | undefined;
  readonly usage: AnswerUsage | undefined;
}

/** An answer put together of its pieces. Throws for one that failed, or has no end: what is no stream has no half. */
export function wholeAnswer(events: readonly AnswerEvent[]): WholeAnswer {
  const last = events.at(-1);
  if (last?.kind === 'failed') throw faultError(last.failure);
  if (last?.kind !== 'end')
    throw new CodexPlusError('upstream_unreadable', "the provider's answer has no end");
  const { reason, told, asSummary, usage } = last;
  return { parts: partsOf(events), reason, told, asSummary, usage };
}

function partsOf(events: readonly AnswerEvent[]): readonly AnswerPart[] {
  const parts: AnswerPart[] = [];
  let pieces: string[] = [];
  let begin: CallBegin | undefined;
  for (const event of events) {
    if ('delta' in event) pieces.push(event.delta);
    else if (event.kind === 'call-begin') begin = event;
    else if (event.kind === 'call-cut') pieces = [];
    else {
      const part = partOf(event, begin, pieces.join(''));
      if (part === undefined) continue;
      parts.push(part);
      pieces = [];
    }
  }
  return parts;
}

/** The part that an event ends; `undefined` for one that ends none. */
function partOf(event: AnswerEvent, begin: CallBegin | undefined, text: string): AnswerPart | undefined {
  if (event.kind === 'text-end') return { kind: 'text', text };
  if (event.kind === 'reasoning-end') return { kind: 'reasoning', text, original: event.original };
  if (event.kind !== 'call-end' || begin === undefined) return undefined;
  return { kind: 'call', begin, input: text, isObject: event.isObject };
}
