import { configList } from './config-list.ts';
import { help } from './help.ts';
import { hooks } from './hooks.ts';
import { mcpList } from './mcp/mcp-list.ts';
import { plus } from './plus.ts';
import { save } from './save.ts';
import { status } from './status.ts';
import type { BuiltIn, BuiltInContext } from './built-in-context.ts';

/** The answer of a built-in command, Markdown for a terminal; `undefined` when there is none of that name. */
export async function runBuiltIn(
  name: string,
  args: string,
  context: BuiltInContext,
): Promise<string | undefined> {
  return builtIns.get(name)?.(args.trim(), context);
}

const builtIns: ReadonlyMap<string, BuiltIn> = new Map<string, BuiltIn>([
  ['help', help],
  ['status', status],
  ['hooks', hooks],
  ['mcp', mcpList],
  ['plus', plus],
  ['config', configList],
  ['save', save],
]);
