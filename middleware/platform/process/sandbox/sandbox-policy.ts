/** What a command may see, change and reach; the operating system refuses it the rest. All paths are absolute. */
export interface SandboxPolicy {
  /** The project's folder. */
  readonly workspace: string;
  /** Whether the command sees the workspace; if not, it finds an empty folder there. */
  readonly readRepo: boolean;
  /** What the command may change: usually the workspace, or nothing. What may be changed is seen as well. */
  readonly writable: readonly string[];
  /** What is seen although its place is hidden: the command's own script, say. */
  readonly readable: readonly string[];
  /** What stays hidden although its place is seen. */
  readonly hidden: readonly string[];
  /** The whole network of this machine, loopback included, or none. */
  readonly network: boolean;
  /** Names of variables of our environment that the command gets besides the harmless ones. */
  readonly readEnv: readonly string[];
  readonly view?: FolderView;
}

/** A folder with more in it than the disk has: only where bubblewrap is, which makes links in no time. */
export interface FolderView {
  /** Absolute, without symbolic links. */
  readonly folder: string;
  /** What is seen of it, by absolute paths. */
  readonly files: readonly string[];
  /** What each link leads to, by the absolute path in the folder. */
  readonly links: ReadonlyMap<string, string>;
}

/** A program and its arguments; no shell is added. */
export interface SandboxCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** Variables that the caller makes up for the command; PATH and what loaders and shells obey are left out. */
  readonly env?: Readonly<Record<string, string>>;
}
