import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A CPU profile as V8 writes it; times are microseconds of the machine's monotonic clock. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly startTime: number;
  /** The id of the node that ran, of each sample. */
  readonly samples: readonly number[];
  /** From the sample before, or the start. */
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

/** A span of that clock. */
export interface Span {
  readonly fromUs: number;
  readonly untilUs: number;
}

/** The time that each function took by itself in these spans, in microseconds, by its name and place. */
export function selfTimes(
  { nodes, startTime, samples, timeDeltas }: CpuProfile,
  spans: readonly Span[],
  rootDir: string,
): ReadonlyMap<string, number> {
  const names = new Map(nodes.map((node) => [node.id, nameOf(node, rootDir)]));
  const times = new Map<string, number>();
  let atUs = startTime;
  for (const [index, id] of samples.entries()) {
    const us = timeDeltas[index] ?? 0;
    atUs += us;
    if (!spans.some(({ fromUs, untilUs }) => atUs >= fromUs && atUs <= untilUs)) continue;
    const name = names.get(id) ?? 'unknown';
    times.set(name, (times.get(name) ?? 0) + us);
  }
  return times;
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode, rootDir: string): string {
  const name = functionName === '' ? 'anonymous' : functionName;
  if (url === '') return name;
  const place = url.startsWith('file:') ? relative(rootDir, fileURLToPath(url)) : url;
  return `${name} ${place}:${lineNumber + 1}`;
}
