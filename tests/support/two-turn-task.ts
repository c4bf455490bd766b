import type { Script } from './fake-upstream/fake-upstream.ts';
import { calls, says } from './fake-upstream/step.ts';

/** A task of two turns: the model has a command run, sees its output and says what came of it. */
export const twoTurnTask: Script = ({ json }) => {
  const told = JSON.stringify(json);
  if (told.includes('Generate a concise, single-line task title')) return says('{"title":"Run the tool"}');
  return hasToolOutput(told)
    ? says('The tool printed TOOL_OK.')
    : calls('exec_command', { cmd: 'echo TOOL_OK' });
};

/** In the shape of Responses, Messages or Chat Completions. */
function hasToolOutput(told: string): boolean {
  return (
    told.includes('"function_call_output"') ||
    told.includes('"tool_result"') ||
    told.includes('"role":"tool"')
  );
}
