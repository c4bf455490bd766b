import { resolve } from 'node:path';
import { HiddenTurns } from '../features/sessions/hidden-turns.ts';
import type { AnswerFilter } from '../kernel/answer-filter.ts';
import type { AnswerLimits } from '../kernel/answer-limits.ts';
import type { Exchange } from '../kernel/exchange.ts';
import { createToolCheckFilter } from '../pipeline/answer/check-tool-calls.ts';
import { placeKey } from '../features/hooks/sessions/hook-place.ts';
import type { ToolChecker } from '../pipeline/hooks/tool-checker.ts';
import { createHiddenCallsStages, type HiddenCallsStages } from '../pipeline/request/hidden-calls.ts';
import { AnswerTurns } from '../pipeline/answer/answer-turns.ts';
import type { Upstreams } from './compose-upstreams.ts';

/** What decides tool calls in answers, and keeps conversations whole after it did. */
export interface ToolChecks extends HiddenCallsStages {
  readonly filter: AnswerFilter;
  /** What clients have not seen of their answers, or the model not. */
  readonly turns: AnswerTurns;
}

interface ToolCheckParts {
  readonly upstreams: Upstreams;
  /** Asked once for each exchange; the hooks that decide are put together after this. */
  readonly checker: () => ToolChecker;
}

/** The filter that checks tool calls, and the stages that stand before and behind the hooks. */
export function composeToolChecks({ upstreams, checker }: ToolCheckParts, limits: AnswerLimits): ToolChecks {
  const memory = new HiddenTurns();
  const turns = new AnswerTurns(memory);
  return {
    turns,
    ...createHiddenCallsStages(memory),
    filter: createToolCheckFilter({
      ...{ turns, limits },
      send: upstreams.send,
      concerns: (exchange) => checker().concerns(exchange),
      resolvePath: (exchange: Exchange, path) =>
        resolve(exchange.state.get(placeKey)?.project.workspace ?? '/', path),
    }),
  };
}
