import { BoundedMap } from '../../../kernel/bounds/bounded-map.ts';
import type { Launch } from '../launch.ts';
import type { McpPlace } from './server-access.ts';

interface ServerUsersOptions {
  /** Whether a server of a place is started as it was, and may be. */
  readonly isWanted: (name: string, place: McpPlace, key: Launch['key']) => Promise<boolean>;
  /** Hears of a server that nobody who used it may use any more. */
  readonly onLeft: (key: Launch['key']) => void;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
}

interface User {
  readonly name: string;
  readonly workspace: string;
  readonly conversation: string;
}

/** Somebody who goes on using a server for as long as it may be used as it is. */
interface LongUser extends User {
  readonly key: Launch['key'];
  readonly onOver: () => void;
}

/** Who is forgotten leaves its server to the others, or to its end when it is idle. */
const maxServers = 1_000;
const maxUsers = 100;
const maxWorkspaces = 1_000;
/** What was allowed may be withdrawn without a change of any configuration; a look costs little, and is not made with each request. */
const everyMs = 1_000;

/** Who uses which server, to know when nobody may any more: it was removed, changed, switched off, or is not trusted now. */
export class ServerUsers {
  readonly #options: ServerUsersOptions;
  readonly #users = new BoundedMap<Launch['key'], BoundedMap<string, User>>(maxServers);
  readonly #looks = new BoundedMap<string, { readonly project: McpPlace['project']; readonly at: number }>(
    maxWorkspaces,
  );
  readonly #longUsers = new Set<LongUser>();

  constructor(options: ServerUsersOptions) {
    this.#options = options;
  }

  /** To be called with each use of a server that may be used. */
  used(key: Launch['key'], name: string, { project: { workspace }, conversation }: McpPlace): void {
    const users = this.#users.get(key) ?? new BoundedMap<string, User>(maxUsers);
    users.set(JSON.stringify([name, workspace, conversation]), { name, workspace, conversation });
    this.#users.set(key, users);
  }

  /** What is configured for the folder of a project, as it was read last. */
  current(project: McpPlace['project']): McpPlace['project'] {
    return this.#looks.get(project.workspace)?.project ?? project;
  }

  /** Tells when a server may not be used any more as it is; returns how to stop. */
  heed(
    key: Launch['key'],
    { name, place, onOver }: { readonly name: string; readonly place: McpPlace; readonly onOver: () => void },
  ): () => void {
    const { conversation, project } = place;
    const user = { key, name, conversation, workspace: project.workspace, onOver };
    this.#longUsers.add(user);
    return () => this.#longUsers.delete(user);
  }

  /** To be called with what is configured for a folder whenever it was read. */
  async follow(project: McpPlace['project']): Promise<void> {
    const { isWanted, onLeft, now } = this.#options;
    const { workspace } = project;
    const last = this.#looks.get(workspace);
    if (last?.project === project && now() - last.at < everyMs) return;
    this.#looks.set(workspace, { project, at: now() });
    for (const { key, name, conversation, onOver, workspace: where } of [...this.#longUsers])
      if (where === workspace && !(await isWanted(name, { project, conversation }, key))) onOver();
    for (const [key, users] of [...this.#users]) {
      const here = [...users].filter(([, user]) => user.workspace === workspace);
      for (const [id, { name, conversation }] of here)
        if (!(await isWanted(name, { project, conversation }, key))) users.delete(id);
      if (users.size > 0 || this.#users.get(key) !== users) continue;
      this.#users.delete(key);
      onLeft(key);
    }
  }
}
