import { codeOf } from '../../kernel/errors.ts';
import { makeFolder } from './make-folder.ts';
import { stateFolderFault } from './state-folder-fault.ts';

/**
 * Makes the folder of our state. A name that no folder can have is a fault of the configuration; where one may not
 * be written, in a read-only container for example, whoever writes there later tells it.
 */
export function makeStateFolder(stateDir: string): void {
  try {
    makeFolder(stateDir);
  } catch (error) {
    const fault = stateFolderFault(stateDir, codeOf(error));
    if (fault !== undefined) throw fault;
  }
}
