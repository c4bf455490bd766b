import { closeSync, readdirSync, readFileSync } from 'node:fs';
import { codeOf } from '../../kernel/errors.ts';

/** `O_CLOEXEC` of Linux, the same on all processors that Node runs on. */
const closedOnExec = 0o2_000_000;

/**
 * Closes what whoever started this process left open for it, beyond the standard streams: our children would have
 * it too, those in the sandbox included. Node marks such files itself, but looks no further than the first gap
 * behind the sixteenth (`uv_disable_stdio_inheritance`). To be called first of all. Linux only: elsewhere nothing
 * tells which files are our own.
 */
export function closeInherited(channelFd: string | undefined): void {
  for (const name of listed()) {
    const fd = Number(name);
    if (fd > 2 && name !== channelFd && isInherited(fd)) closeSync(fd);
  }
}

function listed(): readonly string[] {
  try {
    return readdirSync('/proc/self/fdinfo');
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return [];
  }
}

/** What Node opened itself is closed when another program takes over. */
function isInherited(fd: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & closedOnExec) === 0;
  } catch (error) {
    // The list's own file is closed by now.
    if (codeOf(error) === undefined) throw error;
    return false;
  }
}
