import type { Exchange } from '../kernel/exchange.ts';
import type { JsonObject } from '../kernel/json-object.ts';
import type { ImagePart } from '../protocol/apis/prompt-part.ts';
import type { CallHead, ToolCall } from '../protocol/apis/tool-call.ts';
import type { ResolvePath } from '../protocol/claude-tools/tool-mapping.ts';
import type { TrustAnswer } from '../features/trust/parse-answer.ts';

/** What becomes of a call that the model made. */
export type CallVerdict =
  /** `updatedInput`: in the words of Claude Code's tool, as a hook wants it. */
  | { readonly kind: 'allow'; readonly updatedInput?: JsonObject }
  /** The reason is for the model; `by`, without what the call was made with, for errors and the log. */
  | { readonly kind: 'deny'; readonly reason: string; readonly by?: string }
  /** The user is to be asked; `always` holds for the same call, made again in this conversation. */
  | {
      readonly kind: 'ask';
      readonly question: string;
      /** What the user does beforehand where nobody can be asked; none: a rule. */
      readonly howToAllow?: string;
      /** As a hook wants it; it is what the question shows. */
      readonly updatedInput?: JsonObject;
      /** Keeps the user's word. */
      readonly resolve: (answer: TrustAnswer) => Promise<void>;
    }
  /** The turn ends, without the call. */
  | { readonly kind: 'stop'; readonly reason: string };

/** Decides the tool calls in one answer. */
export interface CallChecks {
  /**
   * Whether uses of a tool, by Claude Code's name for it, have to be decided; calls of any other go to the client
   * untouched.
   */
  readonly mayConcern: (tool: string) => boolean;
  /** A new input is in the words of Claude Code's tool, for a call that is one use of it. */
  readonly check: (call: ToolCall) => Promise<CallVerdict>;
  /** Makes a path of a call absolute, by the folder that the client works in. */
  readonly resolvePath: ResolvePath;
}

/** Runs the calls of tools that are ours and not the client's, which never sees them. */
export interface CallRunner {
  readonly isOurs: (head: CallHead) => boolean;
  /** A call of ours as rules and hooks know it, which is how it is run; `undefined` for one that nobody decides. */
  readonly asDecided: (call: ToolCall) => ToolCall | undefined;
  /**
   * Runs a call that may run, up to what came of it, for the model, or to a question to the user. One that fails is an
   * answer as well; what rejects ends the client's answer. A call that the user is asked about runs when another
   * request brings the answer: it must not hold the exchange. Where nobody can be asked, it asks nothing.
   */
  readonly run: (call: ToolCall, on: RunsFor, asking: { readonly canAsk: boolean }) => Promise<CallStep>;
}

/** For whom a call runs: an exchange, as far as it is still there. */
export type RunsFor = Pick<Exchange, 'signal'> & Partial<Pick<Exchange, 'state'>>;

/** What a call that runs here comes to next. */
export type CallStep = CallAnswer | WaitingCall;

/** A call that runs and waits for what its user says to a question. */
export interface WaitingCall {
  readonly asks: string;
  /** Goes on with the next message of the user, whatever it is. */
  readonly goOn: (text: string, on: RunsFor) => Promise<CallStep>;
  /** Why it does not wait any more; `undefined` while it does. */
  readonly over: () => string | undefined;
  /** Whether its server has answered it by now, without waiting: it goes on with any text. */
  readonly hasEnded: () => boolean;
  /** Ends it: its user is not asked. */
  readonly leave: () => void;
}

/** What came of a call that was run here. */
export interface CallAnswer {
  readonly output: string;
  readonly images?: readonly ImagePart[];
  readonly isError: boolean;
  /** The turn ends behind it, with this reason. */
  readonly stop?: string;
}
