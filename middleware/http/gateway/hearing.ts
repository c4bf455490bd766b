import type { CallGuard } from '../../features/mcp/gateway/call-guard.ts';
import type { GatewayListener } from '../../features/mcp/gateway/gateway-events.ts';
import type { Gateway } from '../../features/mcp/gateway/gateway.ts';
import type { ListName } from '../../features/mcp/connection.ts';
import type { Abilities } from '../../features/mcp/client/abilities.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';

/** Who hears. */
interface Hearer {
  readonly conversation: string;
  readonly guardOf: (project: ProjectSnapshot) => CallGuard;
}

const noAbilities: Abilities = {};

/** Hears the servers of a project for as long as somebody may want to know, and of servers that come and go. */
export class Hearing {
  readonly #gateway: Pick<Gateway, 'hear' | 'usable'>;
  readonly #hearer: Hearer;
  readonly #listener: GatewayListener;
  /** By what clients can be asked, which an older server has connections of its own for. */
  readonly #stops = new Map<string, () => void>();
  #project: ProjectSnapshot | undefined;
  /** What was offered as of the last request. */
  #offered: string | undefined;
  #looking = Promise.resolve();

  constructor(gateway: Pick<Gateway, 'hear' | 'usable'>, hearer: Hearer, listener: GatewayListener) {
    this.#gateway = gateway;
    this.#hearer = hearer;
    this.#listener = listener;
  }

  /** To be called with the project as it is now, and what its client can be asked. */
  follow(project: ProjectSnapshot | undefined, abilities: Abilities): void {
    if (project !== this.#project) this.end();
    this.#project = project;
    // The newer protocol, and what is listed without a client, goes over connections of the first kind.
    for (const kind of [noAbilities, abilities]) {
      const key = JSON.stringify(kind);
      if (project !== undefined && !this.#stops.has(key)) this.#stops.set(key, this.#hear(project, kind));
    }
    // One after the other; where it cannot be found out, the next request looks again.
    this.#looking = this.#looking.then(() => this.#look(project)).catch(() => undefined);
  }

  /** Tells where other servers or tools are offered than at the last request: by other entries, settings or decisions of the user. */
  async #look(project: ProjectSnapshot | undefined): Promise<void> {
    const offered = project === undefined ? '' : await this.#offeredIn(project);
    const before = this.#offered;
    this.#offered = offered;
    if (before === undefined || before === offered || project !== this.#project) return;
    for (const what of ['tools', 'prompts', 'resources'] as const) this.#listener.onChanged(what);
  }

  async #offeredIn(project: ProjectSnapshot): Promise<string> {
    const { conversation, guardOf } = this.#hearer;
    const usable = await this.#gateway.usable({ project, conversation });
    const entries = usable.map((name) => [name, project.mcpServers.get(name)?.value]);
    return JSON.stringify([entries, guardOf(project).denials]);
  }

  #hear(project: ProjectSnapshot, abilities: Abilities): () => void {
    const { conversation, guardOf } = this.#hearer;
    const client = { abilities, place: { project, conversation }, guard: guardOf(project) };
    return this.#gateway.hear(client, this.#listener);
  }

  /** Tells of a change that no server told of. */
  tell(what: ListName): void {
    this.#listener.onChanged(what);
  }

  end(): void {
    for (const stop of this.#stops.values()) stop();
    this.#stops.clear();
    this.#project = undefined;
  }
}
