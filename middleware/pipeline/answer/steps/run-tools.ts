import { toolRunnerKey } from '../../mcp/tool-runner.ts';
import type { AnswerStep } from '../answer-step.ts';

/** Runs the calls of tools that the model was offered by us. Its client never sees them. */
export const runToolsStep: AnswerStep = {
  name: 'run-tools',
  open: ({ state }) => {
    const tools = state.get(toolRunnerKey);
    return tools && { tools };
  },
};
