import type { GatewayListener } from '../../features/mcp/gateway/gateway-events.ts';
import type { Gateway } from '../../features/mcp/gateway/gateway.ts';
import type { ListName } from '../../features/mcp/connection.ts';
import type { Abilities } from '../../features/mcp/client/abilities.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';

/** Hears the servers of a project for as long as somebody may want to know, and of servers that come and go. */
export class Hearing {
  readonly #gateway: Pick<Gateway, 'hear'>;
  readonly #abilities: Abilities;
  readonly #listener: GatewayListener;
  #project: ProjectSnapshot | undefined;
  #stop: (() => void) | undefined;

  constructor(gateway: Pick<Gateway, 'hear'>, abilities: Abilities, listener: GatewayListener) {
    this.#gateway = gateway;
    this.#abilities = abilities;
    this.#listener = listener;
  }

  /** To be called with the project as it is now. */
  follow(project: ProjectSnapshot | undefined): void {
    const before = this.#project;
    if (project === before) return;
    this.#stop?.();
    this.#project = project;
    this.#stop = project && this.#gateway.hear({ project }, this.#abilities, this.#listener);
    if (before === undefined || serversIn(before) === serversIn(project)) return;
    for (const what of ['tools', 'prompts', 'resources'] as const) this.#listener.onChanged(what);
  }

  /** Tells of a change that no server told of. */
  tell(what: ListName): void {
    this.#listener.onChanged(what);
  }

  end(): void {
    this.#stop?.();
    this.#stop = undefined;
  }
}

function serversIn(project: ProjectSnapshot | undefined): string {
  return JSON.stringify([...(project?.mcpServers ?? [])].map(([name, { value }]) => [name, value]));
}
