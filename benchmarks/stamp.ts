/**
 * A stamp in an answer's text: when its event was written, and how long before that the request was complete. Both clocks are
 * the machine's monotonic one, so that upstream and load generator can be compared although they are two processes.
 */
export interface Stamp {
  readonly writtenAt: number;
  /** The time that the upstream had the request, which is nobody's fault. */
  readonly thoughtFor: number;
}

const pattern = /@(\d{1,16})\+(\d{1,16});/g;

/** Nanoseconds of the monotonic clock. A number is exact for the first hundred days after the start of the machine. */
export function nowNs(): number {
  return Number(process.hrtime.bigint());
}

/** A stamp for this moment, as text that needs no escape in JSON. */
export function stampText(requestCompleteAt: number): string {
  const now = nowNs();
  return `@${now}+${now - requestCompleteAt};`;
}

/** The stamps in a piece of an answer; `rest` is the begin of one that the next piece ends. */
export function readStamps(text: string): { readonly stamps: readonly Stamp[]; readonly rest: string } {
  const stamps: Stamp[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    stamps.push({ writtenAt: Number(match[1]), thoughtFor: Number(match[2]) });
    end = match.index + match[0].length;
  }
  const open = text.lastIndexOf('@');
  return { stamps, rest: open >= end ? text.slice(open) : '' };
}
