/** A file that was saved counts for the next prompt: nobody saves and sends within these times, in milliseconds. */
export const freshTimes = {
  freshMs: 160,
  /** Where a look takes no longer than some microseconds. */
  checkMs: 40,
} as const;
