import { codeOf } from '../../kernel/errors.ts';
import { ConfigError } from '../config/config-error.ts';
import { makeFolder } from './make-folder.ts';

/**
 * Makes the folder of our state. A name that no folder can have is a fault of the configuration; where one may not be written,
 * in a read-only container for example, whoever writes there later tells it.
 */
export function makeStateFolder(stateDir: string): void {
  try {
    makeFolder(stateDir);
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (!impossible.includes(code)) return;
    const reason = `${stateDir} is no folder and cannot become one (${code}): name another`;
    throw new ConfigError([{ source: 'environment', path: 'CODEX_PLUS_STATE_DIR', reason }]);
  }
}

const impossible = [
  'EEXIST',
  'ENOTDIR',
  'ENOENT',
  'ELOOP',
  'ENAMETOOLONG',
  'EINVAL',
  'ERR_INVALID_ARG_VALUE',
];
