/** Long enough for what was let go of to have no user left, short beside what an abandoned answer costs. */
const everyMs = 15;
const forMs = 300;

let until = 0;
let timer: NodeJS.Timeout | undefined;

/**
 * Collects garbage for a moment: a cancelled answer of impit keeps its connection until the collector finds it. Calls that
 * come close together share the work. Needs `--expose-gc`.
 */
export function collectGarbage(): void {
  until = performance.now() + forMs;
  timer ??= setInterval(() => {
    globalThis.gc?.();
    if (performance.now() < until) return;
    clearInterval(timer);
    timer = undefined;
  }, everyMs);
}
