import type { OfferedTool } from '../../features/mcp/offer/offered-tool.ts';
import { callName, searchName, searchTools } from '../../features/mcp/offer/tool-search.ts';
import { joinedName } from '../../protocol/apis/tools-codec.ts';
import type { CallHead, ToolCall } from '../../protocol/apis/tool-call.ts';
import { argumentsOf } from '../../protocol/claude-tools/tool-mapping.ts';
import type { CallRunner } from '../call-checks.ts';
import { wholeName } from './tool-runner.ts';

/**
 * A runner for a model that finds tools by a search, and calls them by the tool that is there for it. `missing`: what the model is
 * told of servers whose tools cannot be found; empty where there are none.
 */
export function withToolSearch(
  runner: CallRunner,
  tools: readonly OfferedTool[],
  missing: () => Promise<string>,
): CallRunner {
  const isKnown = (name: string): boolean => tools.some(({ definition }) => joinedName(definition) === name);
  return {
    // A model may call what it found by its own name as well.
    isOurs: (head) => isNamed(head, searchName) || isNamed(head, callName) || runner.isOurs(head),
    asDecided: (call) => {
      if (isNamed(call, searchName)) return undefined;
      const isByName = !isNamed(call, callName);
      const target = isByName ? call : targetOf(call);
      return target !== undefined && (isByName || isKnown(target.name))
        ? runner.asDecided(target)
        : undefined;
    },
    run: async (call, on, asking) => {
      if (isNamed(call, searchName)) {
        const parts = [searchTools(tools, argumentsOf(call) ?? {}), await missing()];
        return { output: parts.filter((part) => part !== '').join('\n\n'), isError: false };
      }
      if (!isNamed(call, callName)) return await runner.run(call, on, asking);
      const name = targetOf(call)?.name ?? '';
      return {
        output: `There is no tool "${name}". ${searchName} finds those that there are.`,
        isError: true,
      };
    },
  };
}

function isNamed(head: CallHead, name: string): boolean {
  return head.kind === 'function' && wholeName(head) === name;
}

/** The call that is meant; models write the arguments as a text at times. */
function targetOf(call: ToolCall): ToolCall | undefined {
  const { name, arguments: given = {} } = argumentsOf(call) ?? {};
  if (typeof name !== 'string') return undefined;
  const input = typeof given === 'string' ? given : JSON.stringify(given);
  return { ...call, namespace: undefined, name, input };
}
