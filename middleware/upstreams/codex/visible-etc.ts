import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What programs look up in `/etc`: users, names, certificates, libraries, the settings of shells and of languages. */
const visible = [
  ...['alternatives', 'bash.bashrc', 'bashrc', 'crypto-policies', 'fonts', 'gai.conf', 'gitconfig', 'group'],
  ...['host.conf', 'hosts', 'inputrc', 'ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'locale.alias'],
  ...['locale.conf', 'localtime', 'magic', 'mime.types', 'networks', 'nsswitch.conf', 'os-release', 'passwd'],
  ...['perl', 'pki/ca-trust/extracted', 'pki/tls/certs', 'profile', 'profile.d', 'protocols', 'services'],
  ...['shells', 'ssl/cert.pem', 'ssl/certs', 'ssl/openssl.cnf', 'terminfo', 'timezone'],
];
/** Of a version each. */
const visibleNames = /^(?:java|python)[-.\d]/;

/**
 * What of a machine's `/etc` its commands have no business with, each path by itself: Codex opens nothing again within a folder
 * that is denied. What a symbolic link leads to is judged where it is. What is made there later is not among them.
 */
export async function deniedIn(etc: string, within = ''): Promise<readonly string[]> {
  const entries = await readdir(join(etc, within), { withFileTypes: true });
  const denied = await Promise.all(
    entries.map(async (entry) => {
      const path = join(within, entry.name);
      if (entry.isSymbolicLink() || visible.includes(path) || visibleNames.test(path)) return [];
      const holdsVisible = entry.isDirectory() && visible.some((each) => each.startsWith(`${path}/`));
      return holdsVisible ? await deniedIn(etc, path) : [join(etc, path)];
    }),
  );
  return denied.flat();
}
