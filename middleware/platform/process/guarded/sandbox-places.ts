import { realpath, stat } from 'node:fs/promises';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';

/** A path without symbolic links that exists. */
export interface Place {
  readonly path: string;
  readonly isFolder: boolean;
}

/**
 * Trees that a command does not see unless its policy names something in them: people's files, other disks (on WSL all of
 * Windows), the sockets of services (Docker's is as good as root) and the secrets that containers are given, logs and mail.
 */
export const hiddenTrees = [
  ...[
    '/home',
    '/root',
    '/Users',
    '/Volumes',
    '/mnt',
    '/media',
    '/run',
    '/var/log',
    '/var/mail',
    '/var/spool',
  ],
  ...['/var/backups', '/var/lib/docker', '/var/lib/containerd', '/var/lib/kubelet', '/var/lib/rancher'],
];

/** Folders that a command gets empty and for itself. */
export const privateFolders = ['/tmp', '/var/tmp'];

/** Secrets outside people's folders; most are only for root to read, and we may be root. */
export const systemSecrets = [
  ...['/etc/shadow', '/etc/shadow-', '/etc/gshadow', '/etc/gshadow-', '/etc/sudoers', '/etc/sudoers.d'],
  ...['/etc/ssh', '/etc/ssl/private', '/etc/letsencrypt', '/etc/wireguard', '/etc/openvpn', '/etc/ppp'],
  ...['/etc/NetworkManager/system-connections', '/etc/krb5.keytab', '/etc/security/opasswd'],
  ...['/etc/docker', '/etc/kubernetes', '/etc/rancher', '/etc/codex-plus'],
];

/** Where programs keep credentials, from the home folder: hidden even where the home folder is shown. */
export const homeSecrets = [
  ...['.ssh', '.gnupg', '.password-store', '.local/share/keyrings', 'Library/Keychains', '.netrc', '.pgpass'],
  ...['.aws', '.azure', '.config/gcloud', '.oci', '.kube', '.docker', '.config/containers/auth.json'],
  ...['.git-credentials', '.config/git/credentials', '.config/gh', '.config/hub', '.config/glab-cli'],
  ...[
    '.npmrc',
    '.yarnrc.yml',
    '.pypirc',
    '.cargo/credentials',
    '.cargo/credentials.toml',
    '.gem/credentials',
  ],
  ...['.m2/settings.xml', '.gradle/gradle.properties', '.composer/auth.json', '.terraform.d', '.vault-token'],
  ...['.codex/auth.json', '.claude/.credentials.json', '.claude.json', '.config/github-copilot'],
  ...[
    '.mozilla',
    '.config/google-chrome',
    '.config/chromium',
    '.config/op',
    '.config/rclone',
    '.config/sops',
  ],
];

/** Where version managers and package managers put programs, from the home folder: shown although it is hidden. */
export const homePrograms = [
  ...[
    '.local/bin',
    '.local/lib',
    '.local/share/mise',
    '.local/share/uv',
    '.local/share/pnpm',
    '.local/share/fnm',
  ],
  ...[
    '.local/share/pipx',
    '.local/pipx',
    '.nvm',
    '.fnm',
    '.volta',
    '.nodenv',
    '.npm-global',
    '.bun',
    '.deno',
  ],
  ...['.pyenv', '.rbenv', '.asdf', '.sdkman', '.rustup', '.cargo/bin', 'go/bin', 'Library/pnpm'],
];

/** Those of the paths that exist and can be reached, each without symbolic links. */
export async function existingPlaces(paths: readonly string[]): Promise<readonly Place[]> {
  const found = await Promise.all(paths.map(findPlace));
  return found.filter((place) => place !== undefined);
}

/** The path without symbolic links; `undefined` where there is nothing, or nothing that we may reach. */
export async function findPlace(path: string): Promise<Place | undefined> {
  try {
    const real = await realpath(path);
    return { path: real, isFolder: (await stat(real)).isDirectory() };
  } catch {
    return undefined;
  }
}

/** The folders of a PATH variable with what the shims in them start, and the folder of the running Node. */
export function programFolders(pathVariable: string | undefined): readonly string[] {
  const folders = (pathVariable ?? '').split(delimiter).filter(isAbsolute);
  return [...folders, ...folders.flatMap(besideShims), dirname(process.execPath)];
}

/**
 * A shim of pyenv, rbenv, nodenv, asdf or mise only finds out which version to start. Its manager need not lie in this home
 * folder, as where a service has another user's PATH.
 */
function besideShims(folder: string): readonly string[] {
  if (basename(folder) !== 'shims') return [];
  return below(dirname(folder), [
    ...['bin', 'libexec', 'lib', 'plugins', 'pyenv.d', 'rbenv.d', 'nodenv.d'],
    ...['versions', 'installs', 'version'],
  ]);
}

/** The names below a folder as paths. */
export function below(folder: string, names: readonly string[]): readonly string[] {
  return names.map((name) => join(folder, name));
}
