import type { BuiltInContext } from './built-in-context.ts';
import { noProject } from './no-project.ts';
import { mergedViewMarkdown } from './merged-view-markdown.ts';
import { usageLine } from './usage-line.ts';

const init = `Set-up changes files of yours, so it runs in a terminal and shows each change before it is written:

\`\`\`sh
codex-plus init        # points Codex here; --claude and --sdk for the others
codex-plus uninstall   # puts everything back as it was
\`\`\`
`;

/** `/plus status`: what is configured, in short. `/plus init`: how to point clients here. */
export async function plus(args: string, context: BuiltInContext): Promise<string> {
  if (args === 'init') return init;
  if (args !== '' && args !== 'status') return usageLine('plus', context);
  const { snapshot, exchange, commands } = context;
  if (snapshot === undefined) return noProject(exchange);
  return mergedViewMarkdown(snapshot, await commands.catalog.list(commands.folders), context.hooks);
}
