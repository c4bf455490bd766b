import type { McpPlace } from '../../features/mcp/access/server-access.ts';
import { serverProblems } from '../../features/mcp/access/server-problems.ts';
import { isServerKept } from '../../features/mcp/contents/server-kept.ts';
import { nameOf } from '../../features/mcp/failure-of.ts';
import type { McpServers } from '../../features/mcp/mcp-servers.ts';
import { callSignOf } from '../../features/commands/help/call-sign.ts';
import { BoundedMap } from '../../kernel/bounds/bounded-map.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import { visibleLine } from '../../kernel/visible-text.ts';
import type { ConfigProblem } from '../../platform/config/scopes/files/config-problem.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';

const maxConversations = 2_000;
/** Of the names of all conversations and servers, in characters. */
const maxTotalSize = 2 * 1024 * 1024;

/** What is asked for one request. */
export interface NotesQuestion {
  /** Names the conversation. */
  readonly key: string;
  readonly place: McpPlace & { readonly project: ProjectSnapshot };
  /** The servers whose tools count here. */
  readonly names: readonly string[];
}

/** What a user is to know, by what tells it from all else. */
interface Note {
  readonly about: string;
  readonly text: string;
}

/**
 * Which conversations were told why servers are missing: that they wait for their user to allow them, or that a file cannot be
 * read. Each is told once, and again only after it was over.
 */
export class ServerNotes {
  readonly #servers: Pick<McpServers, 'decisionOn'>;
  readonly #told = new BoundedMap<string, readonly string[]>(maxConversations, {
    maxSize: maxTotalSize,
    sizeOf: (told, key) => key.length + told.reduce((sum, about) => sum + about.length, 0),
  });

  constructor(servers: Pick<McpServers, 'decisionOn'>) {
    this.#servers = servers;
  }

  /** What a conversation is to hear now, and was not told before. */
  async tell(
    exchange: Pick<Exchange, 'client' | 'turn'>,
    { key, place, names }: NotesQuestion,
  ): Promise<readonly string[]> {
    const waiting = await this.#waiting(names, place);
    const notes = [
      ...waiting.map((name) => waitingNote(name, callSignOf(exchange))),
      ...serverProblems(place.project).map(brokenNote),
    ];
    const told = this.#told.get(key) ?? [];
    if (told.length === 0 && notes.length === 0) return [];
    this.#told.set(
      key,
      notes.map(({ about }) => about),
    );
    return notes.filter(({ about }) => !told.includes(about)).map(({ text }) => text);
  }

  /** Servers of a project that nobody has decided about. */
  async #waiting(names: readonly string[], place: NotesQuestion['place']): Promise<readonly string[]> {
    const { project } = place;
    const ofProject = names.filter(
      (name) => project.mcpServers.get(name)?.source.scope === 'project' && !isServerKept(name, project),
    );
    const decisions = await Promise.all(ofProject.map((name) => this.#servers.decisionOn(name, place)));
    return ofProject.filter((_, at) => decisions[at] === undefined);
  }
}

function waitingNote(name: string, sign: string): Note {
  return {
    about: `allow ${name}`,
    text: `${nameOf(name)} of this project is not used before you allow it: \`codex-plus trust add\` does, and \`${sign}mcp\` shows what it runs.`,
  };
}

function brokenNote({ file, line, column, reason }: ConfigProblem): Note {
  const place = visibleLine([file, line, column].filter((part) => part !== undefined).join(':'), 500);
  return {
    about: `broken ${file}`,
    text: `MCP servers are missing, as ${place} is broken: ${visibleLine(reason, 500)}.`,
  };
}
