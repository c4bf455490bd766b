import type { EscapePlace } from './escape-place.ts';

/**
 * bubblewrap's arguments for running a line in its folders: no network, no file of the machine that can be written.
 * A user namespace and no capability, so that nothing of the machine's own, its clock for one, can be changed as
 * root either.
 */
export function escapeSandbox({ root, project, home }: EscapePlace): readonly string[] {
  return [
    ...['user', 'pid', 'net', 'ipc', 'uts'].map((name) => `--unshare-${name}`),
    ...['--cap-drop', 'ALL', '--die-with-parent', '--tmpfs', '/', '--ro-bind', '/usr', '/usr'],
    ...['bin', 'sbin', 'lib', 'lib64'].flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]),
    ...['--ro-bind', '/etc', '/etc', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    ...['--bind', root, root, '--ro-bind', process.execPath, '/run/node', '--chdir', project],
    ...['--clearenv', '--setenv', 'HOME', home, '--setenv', 'PATH', '/usr/local/bin:/usr/bin:/bin'],
    ...['--setenv', 'LANG', 'C.UTF-8', '--setenv', 'TERM', 'dumb'],
  ];
}
