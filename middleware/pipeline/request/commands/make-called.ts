import type { CommandCatalog } from '../../../features/commands/find/command-catalog.ts';
import type { CommandCall } from '../../../features/commands/match-command.ts';
import type { MadePrompt, PromptCall } from '../../../features/commands/prompt/make-prompt.ts';
import type {
  MadeServerPrompt,
  ServerPromptCall,
} from '../../../features/commands/prompt/make-server-prompt.ts';
import { needsTrust } from '../../../features/trust/needs-trust.ts';
import type { CalledCommand, Exchange } from '../../../kernel/exchange.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import { effortOf } from '../../../protocol/effort.ts';
import type { ReferenceReaders } from './referenced-parts.ts';

export interface PromptMakers {
  readonly catalog: CommandCatalog;
  readonly makePrompt: (call: PromptCall) => Promise<MadePrompt>;
  readonly makeServerPrompt: (call: ServerPromptCall) => Promise<MadeServerPrompt | undefined>;
}

type Attacher = Pick<ReferenceReaders, 'attachResources'>;

interface CallPlace {
  readonly exchange: Exchange;
  readonly project: ProjectSnapshot;
  /** As the command is told it. */
  readonly session: string;
  /** Names the conversation and its caller. */
  readonly conversation: string;
}

/** What came of a call, and what was called. */
interface Made {
  readonly made: MadePrompt | MadeServerPrompt;
  readonly called: CalledCommand;
}

/** Makes what a call stands for: a command of a file, or a prompt of an MCP server; `undefined` where neither has its name. */
export async function makeCalled(
  call: CommandCall,
  { exchange, project, session, conversation }: CallPlace,
  { catalog, makePrompt, makeServerPrompt, attachResources }: PromptMakers & Attacher,
): Promise<Made | undefined> {
  const { signal } = exchange;
  const found = await catalog.find(project.commandFolders, call.name);
  switch (found.kind) {
    case 'unreadable': {
      const message = `/${found.name} cannot be read: ${found.reason}`;
      return { made: { kind: 'refused', message }, called: { ...call, scope: 'project' } };
    }
    case 'command': {
      const { command } = found;
      const effort = effortOf(exchange.request);
      const on = { args: call.args, project, session, conversation, effort, signal };
      const made = await makePrompt({ command, ...on });
      const called = { ...call, scope: command.source.scope };
      if (made.kind !== 'expanded') return { made, called };
      // What a project's command names is not the user's choice.
      const text = needsTrust(command.source) ? call.args : made.blocks.slice(1).join('\n');
      const resources = await attachResources(text, { project, conversation, signal });
      return { made: { ...made, attachments: [...resources, ...made.attachments] }, called };
    }
    case 'unknown': {
      const made = await makeServerPrompt({ call, project, conversation, signal });
      return made && { made, called: { ...call, scope: 'mcp' } };
    }
  }
}
