/** What one target did in one round of a scenario. */
export interface Slice {
  /** Microseconds to the first event, or to a JSON answer, without the time that the upstream thought. */
  readonly firstUs: readonly number[];
  /** Microseconds from the writing of an event to its reading, for every event after the first. */
  readonly delayUs: readonly number[];
  readonly requests: number;
  readonly failures: readonly string[];
  readonly seconds: number;
}

/** A slice with what the machine says of the target's process; `undefined` where it does not say it. */
export interface MeasuredSlice extends Slice {
  readonly cpuSeconds: number | undefined;
  readonly memory: MemoryOfSlice | undefined;
}

/** A slice with when it was, in microseconds of the machine's monotonic clock. */
export interface WatchedSlice extends MeasuredSlice {
  readonly fromUs: number;
  readonly untilUs: number;
}

/** Resident memory of a target in KB. */
export interface MemoryOfSlice {
  /** Before the slice, a few requests after the start. */
  readonly beforeKb: number;
  readonly peakKb: number;
  /** Some seconds after the last answer. */
  readonly afterKb: number;
}
