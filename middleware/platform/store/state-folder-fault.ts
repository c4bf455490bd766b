import { ConfigError } from '../config/config-error.ts';

const impossible = [
  'EEXIST',
  'ENOTDIR',
  'ENOENT',
  'ELOOP',
  'ENAMETOOLONG',
  'EINVAL',
  'ERR_INVALID_ARG_VALUE',
];

/** Why there can be no folder of that name; `undefined` where it may only not be made now. */
export function stateFolderFault(stateDir: string, code = ''): ConfigError | undefined {
  if (!impossible.includes(code)) return undefined;
  const reason = `${stateDir} is no folder and cannot become one (${code}): name another`;
  return new ConfigError([{ source: 'environment', path: 'CODEX_PLUS_STATE_DIR', reason }]);
}
