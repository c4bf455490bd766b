/** The tools that rules and matchers are written for, and other clients' tools that keep their names. */
const tools: readonly string[] = [
  ...'Bash Read Edit MultiEdit Write NotebookEdit Grep Glob LS WebFetch WebSearch Agent Task Skill'.split(
    ' ',
  ),
  ...'TodoWrite BashOutput KillShell ExitPlanMode AskUserQuestion SlashCommand'.split(' '),
];

/** Names that tools of other clients have, though they look like one of Claude Code's. */
const others: ReadonlySet<string> = new Set([
  'exec',
  'shell',
  'glob',
  'grep',
  'skill',
  'read',
  'write',
  'edit',
]);

/** The tool that a name is likely meant for, where it is none but nearly one: `bash`, `Tsak`. */
export function likelyTool(name: string): string | undefined {
  if (tools.includes(name) || others.has(name) || name.startsWith('mcp__')) return undefined;
  const lower = name.toLowerCase();
  return (
    tools.find((tool) => tool.toLowerCase() === lower) ??
    (/^[A-Z]/.test(name) ? tools.find((tool) => isOneSlipAway(name, tool)) : undefined)
  );
}

/** One letter too many, too few or wrong, or two that changed places; of short names only the last. */
function isOneSlipAway(name: string, tool: string): boolean {
  const start = commonLength(Array.from(name), Array.from(tool));
  const end = commonLength(Array.from(name).slice(start).reverse(), Array.from(tool).slice(start).reverse());
  const wrote = name.slice(start, name.length - end);
  const meant = tool.slice(start, tool.length - end);
  if (wrote.length === 2) return wrote === Array.from(meant).reverse().join('');
  return tool.length > 3 && wrote.length <= 1 && meant.length <= 1;
}

function commonLength(one: readonly string[], other: readonly string[]): number {
  const end = one.findIndex((letter, index) => letter !== other[index]);
  return end < 0 ? one.length : end;
}
