import { type JsonObject } from '../../kernel/json-object.ts';
import type { CheckedFiles } from './trust/checked-files.ts';
import type { HookEnd } from './answer/parse-output.ts';

/** A command to run, within bounds of time and output. */
export interface HookCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment of the command. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Written to its standard input, which is then closed. */
  readonly stdin: string;
  readonly timeoutMs: number;
  /** Bytes of stdout, and of stderr, that are kept; what comes after them is read and dropped. */
  readonly keepBytes: number;
  /** A command whose output together is more than this is ended. */
  readonly floodBytes: number;
  /** What it declares that it needs; `undefined` where it declares nothing and is run as it is. */
  readonly permissions: readonly string[] | undefined;
  /** What was checked of what it runs: its bytes run, whatever the files have in them by then. */
  readonly checked?: CheckedFiles | undefined;
  readonly signal: AbortSignal;
  /** Sees the text of stdout as it comes. */
  readonly onStdout: (text: string) => void;
}

export interface HookPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  /** What is longer is cut, and said to be. */
  readonly maxAnswerBytes: number;
}

export interface HookPostAnswer {
  readonly status: number;
  readonly body: string;
  readonly isCut: boolean;
}

/** What a conversation with a model begins with. */
export interface TalkOpening {
  /** What the model is there for. */
  readonly instructions: string;
  readonly prompt: string;
  /** `undefined`: the model of the request that the hook runs for. */
  readonly model: string | undefined;
  readonly tools: readonly ModelTool[];
  readonly signal: AbortSignal;
}

/** A tool that a hook offers to a model. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its input. */
  readonly parameters: JsonObject;
}

/** A conversation with a model that nobody else sees. */
export interface ModelTalk {
  /** Calls the model: with nothing at first, then with what came of its calls, or with words where it made none. */
  readonly next: (said?: TalkReply) => Promise<ModelWords>;
}

export interface TalkReply {
  readonly outputs: readonly { readonly callId: string; readonly text: string; readonly isError: boolean }[];
  readonly words?: string;
}

export interface ModelWords {
  /** Empty where it said nothing. */
  readonly text: string;
  readonly calls: readonly { readonly callId: string; readonly name: string; readonly input: string }[];
}

/**
 * A shell for a model that looks at the project: nothing is changed, nothing is reached. Refused where there is no
 * sandbox.
 */
export type ProjectShell =
  | {
      readonly kind: 'ready';
      readonly run: (
        line: string,
        options: { readonly env: HookCommand['env']; readonly signal: AbortSignal },
      ) => Promise<HookEnd>;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** What hooks reach the outside world through. Each may reject; the hook has failed then. */
export interface HookEffects {
  readonly runCommand: (command: HookCommand) => Promise<HookEnd>;
  readonly post: (request: HookPost) => Promise<HookPostAnswer>;
  readonly callMcpTool: (call: {
    readonly server: string;
    readonly tool: string;
    readonly input: JsonObject;
    readonly signal: AbortSignal;
  }) => Promise<{ readonly text: string; readonly isError: boolean }>;
  /** Opens a conversation with the model of whoever the hook runs for; its calls reject where there is none. */
  readonly openTalk: (opening: TalkOpening) => ModelTalk;
  readonly openShell: () => Promise<ProjectShell>;
  /** Keeps a text that is too long for the model; resolves with the file's path, `undefined` where nothing is kept. */
  readonly persist: (text: string) => Promise<string | undefined>;
}
