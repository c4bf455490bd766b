import type { Entry } from './model-request.ts';

type Speaker = 'model' | 'tool' | 'user';

/** What one speaker said before another did. */
export interface Step {
  readonly speaker: Speaker;
  readonly entries: readonly Entry[];
}

/** A conversation by who speaks. What came of calls is the tools'; instructions and summaries count as the user's. */
export function stepsOf(entries: readonly Entry[]): readonly Step[] {
  const steps: { readonly speaker: Speaker; readonly entries: Entry[] }[] = [];
  for (const entry of entries) {
    const speaker = speakerOf(entry);
    const last = steps.at(-1);
    if (last?.speaker === speaker) last.entries.push(entry);
    else steps.push({ speaker, entries: [entry] });
  }
  return steps;
}

/** Whether it is the model's: a text, a thought or a call. */
export function isOfModel(entry: Entry): boolean {
  return speakerOf(entry) === 'model';
}

function speakerOf({ kind }: Entry): Speaker {
  if (kind === 'said' || kind === 'reasoning' || kind === 'call') return 'model';
  return kind === 'result' ? 'tool' : 'user';
}
