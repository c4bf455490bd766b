import type { HookEnd } from './parse-output.ts';
import type { JsonObject } from './json-object.ts';

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

/** What hooks reach the outside world through. Each may reject; the hook has failed then. */
export interface HookParts {
  readonly runCommand: (command: HookCommand) => Promise<HookEnd>;
  readonly post: (request: HookPost) => Promise<HookPostAnswer>;
  readonly callMcpTool: (call: {
    readonly server: string;
    readonly tool: string;
    readonly input: JsonObject;
    readonly signal: AbortSignal;
  }) => Promise<{ readonly text: string; readonly isError: boolean }>;
  /** One model call without tools; resolves with the text of its answer. */
  readonly askModel: (question: {
    readonly prompt: string;
    readonly model: string | undefined;
    readonly signal: AbortSignal;
  }) => Promise<string>;
  /** Keeps a text that is too long for the model; resolves with the file's path, `undefined` where nothing is kept. */
  readonly persist: (text: string) => Promise<string | undefined>;
}
