let ahead = 0;

/** The clock that the middleware of this test file has: it goes on by itself, and these put it forward. */
export function testNow(): number {
  return performance.now() + ahead;
}

/** Lets what was read of settings and folders get old: the next request looks at them again. */
export function lookedAgain(): void {
  putClockForward(1_000);
}

export function putClockForward(ms: number): void {
  ahead += ms;
}
