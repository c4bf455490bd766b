import type { JsonObject } from '../../../kernel/json-object.ts';
import { joinedName, type ToolDefinition } from '../../../protocol/apis/tools-codec.ts';
import { toldOnce } from '../../../protocol/apis/common/write-tools.ts';
import { charactersPerToken } from '../tool-outcome.ts';
import type { OfferedTool } from './offered-tool.ts';

const group = 'mcp__codex_plus';
/** What finds tools, where there are too many to be listed. */
export const searchName = joinedName({ group, tool: 'search_tools' });
/** What calls one that was found. */
export const callName = joinedName({ group, tool: 'call_tool' });

const defaultFound = 5;
const maxFound = 20;
/** As long as a result of a tool may be, in characters. */
const maxFoundLength = 100_000;
const maxServersText = 1_000;
const maxNames = 200;

/** How many tokens the definitions of tools take, about. */
export function tokensOf(tools: readonly OfferedTool[]): number {
  return Math.ceil(sizeOf(tools) / charactersPerToken);
}

function sizeOf(tools: readonly OfferedTool[]): number {
  return tools.reduce((sum, { size }) => sum + size, 0);
}

/** The two tools that stand for many: the same for the same servers with as many tools each. */
export function searchDefinitions(tools: readonly OfferedTool[]): readonly ToolDefinition[] {
  const counts = [...Map.groupBy(tools, ({ server }) => server)].map(
    ([server, { length }]) => `${server} (${length})`,
  );
  const servers = counts.join(', ').slice(0, maxServersText);
  return [
    {
      group,
      tool: 'search_tools',
      description: `Finds tools of these MCP servers by words of their names and descriptions: ${servers}. The answer has their input schemas; call one with ${callName}. Without a query it has the names of all.`,
      parameters: {
        type: 'object',
        properties: {
          query: { type: 'string', description: 'What the tool should do, in a few words.' },
          limit: {
            type: 'integer',
            description: `How many, at most ${maxFound}; ${defaultFound} otherwise.`,
          },
        },
      },
    },
    {
      group,
      tool: 'call_tool',
      description: `Calls a tool that ${searchName} found.`,
      parameters: {
        type: 'object',
        properties: {
          name: { type: 'string', description: `The name as ${searchName} has it.` },
          arguments: { type: 'object', description: 'By the input schema of the tool.' },
        },
        required: ['name', 'arguments'],
      },
    },
  ];
}

/** What a model is told that searches: the best matches first, or all names where it says nothing to search for. */
export function searchTools(tools: readonly OfferedTool[], { query, limit }: JsonObject): string {
  const words = typeof query === 'string' ? wordsIn(query) : [];
  if (words.length === 0) {
    const names = tools.map(({ definition }) => joinedName(definition));
    const more = names.length > maxNames ? [`and ${names.length - maxNames} more`] : [];
    return [...names.slice(0, maxNames), ...more].join('\n');
  }
  const most = typeof limit === 'number' && limit >= 1 ? Math.min(limit, maxFound) : defaultFound;
  const best = tools
    .map((tool) => ({ tool, score: scoreOf(tool, words) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .slice(0, most)
    .map(({ tool }) => tool);
  const found = best.filter((_, at) => at === 0 || sizeOf(best.slice(0, at + 1)) <= maxFoundLength);
  if (found.length === 0)
    return `No tool is about "${String(query)}". Try other words, or none for all names.`;
  return JSON.stringify(toldOnce(found.map(({ definition }) => definition)).map(describe));
}

function describe({ description, parameters, group, tool }: ToolDefinition): JsonObject {
  return { name: joinedName({ group, tool }), description, parameters };
}

/** Words in the name count most: those in a manual may be about anything. */
function scoreOf({ definition }: OfferedTool, words: readonly string[]): number {
  const name = joinedName(definition).toLowerCase();
  const description = definition.description.toLowerCase();
  const inputs = JSON.stringify(definition.parameters).toLowerCase();
  return words.reduce(
    (sum, word) =>
      sum +
      (name.includes(word) ? 5 : 0) +
      (description.includes(word) ? 2 : 0) +
      (inputs.includes(word) ? 1 : 0),
    0,
  );
}

const maxWords = 50;

function wordsIn(query: string): readonly string[] {
  const words = query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(words)].filter((word) => word.length > 1).slice(0, maxWords);
}
