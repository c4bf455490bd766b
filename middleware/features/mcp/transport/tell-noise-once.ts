import type { Log } from '../../../kernel/log.ts';
import { visibleLine } from '../../../kernel/visible-text.ts';

/** Logs what a server writes that is no message, once of a start: it may write such lines all the time. */
export function tellNoiseOnce(
  server: string,
  { log, clean }: { readonly log: Log; readonly clean: (text: string) => string },
): (line: string) => void {
  let isTold = false;
  return (line) => {
    if (isTold) return;
    isTold = true;
    log.warn('an MCP server wrote to stdout what is no message; it is passed over', {
      ...{ server, line: visibleLine(clean(line), 200) },
    });
  };
}
