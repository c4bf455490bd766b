import { batchKey, type HookPlace } from '../../features/hooks/sessions/hook-place.ts';
import { takeContexts, takeStop } from '../../features/hooks/sessions/take-kept.ts';
import type { ToolCall } from '../../protocol/apis/tool-call.ts';
import { claudeUsesOf } from '../../protocol/claude-tools/claude-tool.ts';
import type { ClaudeToolUse } from '../../protocol/claude-tools/tool-mapping.ts';
import type { CallAnswer, RunsFor } from '../call-checks.ts';
import type { RunHooks } from '../hooks/hook-runner.ts';
import { keepForBatch } from '../hooks/refused-for-model.ts';
import { updatedOutputOf } from '../hooks/updated-output.ts';

/** A call that was run here. */
export interface FinishedCall {
  /** As rules and hooks know it. */
  readonly call: ToolCall;
  readonly answer: CallAnswer;
  readonly durationMs: number;
  readonly place: HookPlace | undefined;
  readonly on: RunsFor;
}

/** What the model gets of a call in the end. */
export type AfterCall = (finished: FinishedCall) => Promise<CallAnswer>;

/**
 * Has hooks hear of a call that was run here, as they hear of those of the client: they may put another output in
 * the place of its own, say something behind it, or end the turn.
 */
export function createAfterCall(run: RunHooks): AfterCall {
  return async (finished) => {
    const { call, place } = finished;
    const [use] = claudeUsesOf(call, (path) => path);
    return place === undefined || use === undefined
      ? finished.answer
      : tellHooks({ ...finished, place, use }, run);
  };
}

interface ToldCall extends FinishedCall {
  readonly place: HookPlace;
  readonly use: ClaudeToolUse;
}

async function tellHooks(
  { call, answer, durationMs, place, use, on }: ToldCall,
  run: RunHooks,
): Promise<CallAnswer> {
  const { session } = place;
  const { callId: id } = call;
  const { output, isError, images = [] } = answer;
  const named = { ...use, id };
  const outcome = isError
    ? await run(
        place,
        'PostToolUseFailure',
        { call: named, error: output, isInterrupt: false, durationMs },
        on,
      )
    : await run(
        place,
        'PostToolUse',
        { call: named, response: [{ type: 'text', text: output }], durationMs },
        on,
      );
  const updated = updatedOutputOf([use.tool], [outcome], place);
  const said = [...takeContexts(id, session), ...outcome.contexts];
  const stop = takeStop(id, session) ?? outcome.stop;
  const text = updated ?? output;
  keepForBatch(place, [{ turn: batchKey(place), ...named, response: text }]);
  return {
    output: [text, ...said].filter((part) => part !== '').join('\n\n'),
    isError,
    // Who puts another output in its place may want nobody to see what it showed.
    ...(updated === undefined && images.length > 0 && { images }),
    ...(stop !== undefined && { stop }),
  };
}
