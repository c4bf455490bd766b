import { existsSync } from 'node:fs';
import { visibleLine } from '../../../kernel/visible-text.ts';
import { promptHint, type PromptCommand } from '../../mcp/contents/prompt-command.ts';
import type { SkillStub } from './skill-stubs.ts';

/** What is known of the prompts of one MCP server, and where. */
export interface ServerPrompts {
  readonly server: string;
  /** The folder that the server is there for; `undefined` for one that is there everywhere. */
  readonly project: string | undefined;
  /** None where it may not be used; `undefined` where it was never asked. */
  readonly prompts: readonly PromptCommand[] | undefined;
}

/** The MCP servers of a folder. */
export interface ServersThere {
  readonly workspace: string;
  readonly servers: readonly ServerPrompts[];
}

/** Codex takes no longer name for a skill. */
const maxName = 64;
const maxServer = 200;
/** Servers may have as many as they like, and Codex reads all skills when it starts. */
const maxPerServer = 50;

/** What Codex's interface is to offer for the prompts that are known. */
export function promptStubs({ servers }: ServersThere): readonly SkillStub[] {
  return servers.flatMap(({ server, project, prompts = [] }) =>
    prompts
      // What a stub says stands in lines.
      .filter(({ name }) => name.length <= maxName && visibleLine(server, maxServer) === server)
      .slice(0, maxPerServer)
      .map((prompt) => ({
        name: prompt.name,
        description: describe(prompt),
        ...{ file: undefined, server, project },
      })),
  );
}

function describe(prompt: PromptCommand): string {
  const hint = promptHint(prompt);
  return hint === undefined ? prompt.description : `${prompt.description} ${hint}`;
}

/** Whether the prompt that a stub stands for is gone, as far as it can be told in a folder. */
export function isPromptGone(stub: string, { workspace, servers }: ServersThere): boolean {
  const server = /^server: (.+)$/m.exec(stub)?.[1];
  if (server === undefined) return false;
  const project = /^project: (.+)$/m.exec(stub)?.[1];
  if (project !== undefined && project !== workspace) return !existsSync(project);
  const found = servers.find((one) => one.server === server && one.project === project);
  if (found === undefined) return true;
  const name = /^command: (\S+)$/m.exec(stub)?.[1];
  return found.prompts !== undefined && !found.prompts.some((prompt) => prompt.name === name);
}
