import type { ComposedMiddleware } from './compose-middleware.ts';

/** The process ids of Codex's workers in the order of their start, those that have ended among them. */
export function workerPids({ lines }: Pick<ComposedMiddleware, 'lines'>): readonly number[] {
  return lines.flatMap(({ message, pid }) =>
    message === 'a worker of Codex is ready' && typeof pid === 'number' ? [pid] : [],
  );
}
