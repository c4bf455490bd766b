import type { Item } from '../../support/fake-upstream/step.ts';
import { contextOf } from '../../support/hook-bench.ts';
import type { RecordedTalk, Talker } from '../../support/recorded-talk.ts';
import type { WholeBench } from '../../support/whole-bench.ts';

/** A conversation whose every request is recorded. */
export interface RecordedConversation {
  readonly name: string;
  /** Who can hold it; everybody, unless said otherwise. */
  readonly only?: readonly Talker[];
  /** Of the environment that the configuration is read from. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly hold: (talk: RecordedTalk, bench: WholeBench) => Promise<void>;
}

export const settings = 'home/.claude/settings.json';
export const ofProject = 'project/.claude/settings.json';

export function text(words: string): Item {
  return { kind: 'text', text: words };
}

export function call(name: string, callId: string): Item {
  return { kind: 'call', name, arguments: { path: 'x' }, callId };
}

/** What the model answers where the last thing that it gets has some words in it; anything else with a text. */
export function answersTo(bench: WholeBench, answers: Readonly<Record<string, readonly Item[]>> = {}): void {
  bench.upstream.use(({ json }, index) => {
    const items = (json?.['input'] ?? json?.['messages'] ?? []) as readonly { readonly role?: string }[];
    // Where nothing is left for the model, it gets an empty conversation.
    const last = JSON.stringify(
      items.findLast(({ role }) => role !== 'developer' && role !== 'system') ?? {},
    );
    const known = Object.entries(answers).find(([words]) => last.includes(words));
    return { kind: 'answer', items: known?.[1] ?? [text('Well.')], turn: index };
  });
}

export function settingsWith(permissions: object): string {
  return JSON.stringify({ permissions });
}

export const speaks = `echo '${contextOf('UserPromptSubmit', 'be kind')}'`;
export const greet = '---\nallowed-tools: Bash(echo *)\n---\nSaid: !`echo hi to $0`';

/** What the user says to a question, and to what comes of it. */
export const answers = ['y', 'no', 'always', 'why?'] as const;
