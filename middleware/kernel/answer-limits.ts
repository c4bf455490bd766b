/** How much of an answer is held by what reads it; what is only passed on has no bound. */
export interface AnswerLimits {
  /** The largest event of a stream, and the largest answer that is no stream. */
  readonly maxEventBytes: number;
  /** All events of one stream together: what decides about an answer keeps its texts and calls to its end. */
  readonly maxStreamBytes: number;
}

/**
 * The same, and how often the model may be called in a row for one answer: each time but the first because its tool
 * calls were refused, or run here. When hooks send it back to work at its end, another row begins.
 */
export interface RoundLimits extends AnswerLimits {
  readonly maxRounds: number;
}
