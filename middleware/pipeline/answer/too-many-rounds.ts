import { CodexPlusError } from '../../kernel/errors.ts';
import type { ToolCall } from '../../protocol/apis/tool-call.ts';
import type { CallResolution } from './resolve-call.ts';

/** A call, and what became of it. */
export type ResolvedCall = readonly [call: ToolCall, resolution: CallResolution];

const maxTextLength = 500;

/**
 * The error that ends an answer whose model makes calls again and again that are refused, or run here: which was the
 * last that was refused, and what refused it.
 */
export function tooManyRounds(maxRounds: number, last: ResolvedCall | undefined): CodexPlusError {
  const end = last === undefined ? '' : `; the last one refused was ${refusalOf(last)}`;
  return new CodexPlusError(
    'too_many_rounds',
    `the model was called ${maxRounds} times for one answer (limits.maxRounds), and each time its tool calls were refused or run here${end}`.slice(
      0,
      maxTextLength,
    ),
  );
}

function refusalOf([{ name }, resolution]: ResolvedCall): string {
  const by = resolution.kind === 'refused' ? resolution.refusedBy : undefined;
  return by === undefined ? `a call of ${name}` : `a call of ${name}: ${by}`;
}
