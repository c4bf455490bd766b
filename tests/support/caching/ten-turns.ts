import { objectIn, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { countAt } from '../../../middleware/protocol/apis/common/usage-counts.ts';
import type { Item } from '../fake-upstream/step.ts';
import { RecordedCodex } from '../recorded-codex.ts';
import type { CacheCounter } from './cache-counter.ts';

interface Session {
  readonly baseUrl: string;
  readonly model: string;
  readonly form?: 'classic' | 'lite';
  /** Called in each turn besides, where somebody has such a tool. */
  readonly alsoCalls?: string;
  /** How many commands it runs at once beside an edit. */
  readonly atOnce?: number;
}

/** What a session used, in percent of its input. */
interface Shares {
  /** What the provider's cache had. */
  readonly cached: number;
  /** What it would have had if each request had begun with all of the one before, and all of that were kept. */
  readonly most: number;
  /** What the client was told. */
  readonly told: number;
}

const patch = '*** Begin Patch\n*** Add File: a.txt\n+one\n*** End Patch';

/** Three requests a turn: a thought and a command; an edit beside another command; a text. */
function answerTo(request: number, { alsoCalls, atOnce = 1 }: Session): readonly Item[] {
  const calls = (name: string, args: JsonObject, at = 0): Item => ({
    ...{ kind: 'call', name, arguments: args },
    callId: `call_${request}_${name}_${at}`,
  });
  if (request % 3 === 0)
    return [
      { kind: 'reasoning', text: `First I look at ${request}.`, seal: `seal${request}` },
      { kind: 'text', text: 'I look.' },
      calls('exec_command', { cmd: `ls part${request}` }),
      ...(alsoCalls === undefined ? [] : [calls(alsoCalls, { text: 'four' })]),
    ];
  if (request % 3 === 1)
    return [
      { kind: 'custom', name: 'apply_patch', input: patch, callId: `call_${request}_patch` },
      ...Array.from({ length: atOnce }, (_, at) => calls('exec_command', { cmd: 'npm test' }, at)),
    ];
  return [{ kind: 'text', text: `Part ${request} is done.` }];
}

/** A session of Codex of ten turns with three requests each, and commands that print something. */
export async function tenTurns(counter: CacheCounter, session: Session): Promise<Shares> {
  counter.begin((request) => answerTo(request, session));
  const codex = new RecordedCodex(session);
  const output = `Output:\n${'a line of output\n'.repeat(40)}`;
  const usages: JsonObject[] = [];
  for (let turn = 0; turn < 10; turn += 1) {
    const answers = await codex.turn(`Go on with part ${turn}.`, () => output);
    usages.push(...answers.map(({ usage }) => usage));
  }
  return sharesOf(counter, usages);
}

function sharesOf({ counted }: CacheCounter, usages: readonly JsonObject[]): Shares {
  const inputs = counted.map(({ input }) => input);
  const told = sum(usages.map((usage) => countAt(objectIn(usage['input_tokens_details']), 'cached_tokens')));
  return {
    cached: share(sum(counted.map(({ cached }) => cached)), inputs),
    most: share(sum(inputs.slice(0, -1)), inputs),
    told: share(told, inputs),
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}

function share(part: number, all: readonly number[]): number {
  return (100 * part) / sum(all);
}
