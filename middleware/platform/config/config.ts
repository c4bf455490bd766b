import type { RoundLimits } from '../../kernel/answer-limits.ts';
import type { Api } from '../../kernel/exchange.ts';
import type { ToolBlockRules } from '../../protocol/app-server/tool-blocks.ts';
import type { LogConfig } from '../telemetry/log.ts';

/** The middleware's configuration: `config/codex_plus.json` with the environment's overrides, checked and complete. */
export interface Config {
  readonly server: ServerConfig;
  readonly log: LogConfig;
  readonly litellm: LitellmConfig;
  readonly chatgpt: ChatgptConfig;
  readonly upstreams: UpstreamsConfig;
  readonly codex: CodexConfig;
  readonly usage: UsageConfig;
  /** The providers' own APIs, asked in this order while LiteLLM is down. */
  readonly providers: readonly ProviderConfig[];
  readonly rateLimit: RateLimitConfig;
  readonly workspaces: WorkspacesConfig;
  readonly commands: CommandsConfig;
  readonly permissions: PermissionsConfig;
  readonly passthrough: PassthroughConfig;
  readonly accessibility: AccessibilityConfig;
  readonly mcp: McpConfig;
  readonly breaker: BreakerConfig;
  readonly timeouts: TimeoutConfig;
  readonly limits: RoundLimits;
  readonly sandbox: SandboxConfig;
  /** Where state is kept (LiteLLM's generated key and the like); absolute. */
  readonly stateDir: string;
}

/** A key that callers may present. */
export interface ApiKey {
  /** Of its holder, as the configuration has it; without one by its place in the list: `key-2`. */
  readonly name: string;
  readonly key: string;
}

export interface ServerConfig {
  readonly host: string;
  readonly port: number;
  /** Keys that callers must present; empty: no key is asked, and only loopback may be bound. */
  readonly apiKeys: readonly ApiKey[];
  /** Host names (without port) accepted besides loopback's and `host`; `*` accepts any. */
  readonly allowedHosts: readonly string[];
  /** Browser origins accepted besides our own, whose pages may read answers; `*` accepts any. */
  readonly allowedOrigins: readonly string[];
  /** A non-loopback bind is safe without a key, because the port is published on loopback only (containers). */
  readonly publishedOnLoopback: boolean;
  /** Cap on a request body, before and after decompression. */
  readonly maxBodyBytes: number;
  /** What the bodies of all running model calls may take together; at least `maxBodyBytes`. */
  readonly maxBodyBytesInFlight: number;
  /** Silence after which a keepalive goes to the client of a stream; 0 switches keepalives off. */
  readonly keepaliveMs: number;
  /** How long nothing may come of a request body that is read whole. */
  readonly bodyIdleMs: number;
  /** How long a WebSocket may be silent both ways. */
  readonly webSocketIdleMs: number;
  /** How long running requests may go on after SIGTERM. */
  readonly drainTimeoutMs: number;
}

export interface LitellmConfig {
  /** `managed`: started and supervised by us; `external`: started by others, only probed; `off`: not there. */
  readonly mode: 'managed' | 'external' | 'off';
  /** Where LiteLLM answers, without `/v1`. In managed mode its host and port are what LiteLLM is started on. */
  readonly url: string;
  /** Absolute path of `litellm_config.yaml`. */
  readonly configFile: string;
  /** The master key, where the environment gives one (LITELLM_MASTER_KEY). */
  readonly masterKey: string | undefined;
  /** File that holds the master key: written in managed mode when `masterKey` is absent, read in external mode. Absolute. */
  readonly masterKeyFile: string;
}

export interface ChatgptConfig {
  readonly enabled: boolean;
  /** `https://chatgpt.com/backend-api/codex` unless a test points it elsewhere. */
  readonly baseUrl: string;
  /** `undici`: plain; `codex`: the official CLI's TLS profile; `browser`: a browser's, needs the optional `impit`. */
  readonly transport: 'undici' | 'codex' | 'browser';
}

export interface UpstreamsConfig {
  /** What calls LiteLLM and providers, where no outbound proxy is in between. */
  readonly client: 'http1' | 'undici';
}

/** Codex itself as a model, in processes of ours. */
export interface CodexConfig extends ToolBlockRules {
  readonly enabled: boolean;
  /** The name of the program on the PATH, or its path. */
  readonly program: string;
  /** Its CODEX_HOME, which is not the user's; absolute. */
  readonly home: string;
  /** The model that it calls. */
  readonly model: string;
  /** Codex's name of the provider that it calls; `codex-plus`: us; empty: whatever its home says. */
  readonly provider: string;
  /** What commands of the model may do in the folder of their turn, which is all that they see of the machine's files. */
  readonly sandbox: 'no-commands' | 'read-only' | 'workspace-write';
  /** Under which names it is listed: `codex-5…` or `codev-5…`. Both are taken. */
  readonly listedAs: 'prod' | 'dev';
  readonly workers: number;
  /** After so many turns a worker is followed by a new one. */
  readonly turnsPerWorker: number;
  /** A worker that holds more memory is followed by a new one. */
  readonly maxWorkerBytes: number;
  /** A larger request is refused. */
  readonly maxRequestBytes: number;
  /** Turns that may run at once. */
  readonly maxTurns: number;
  /** Of those, the ones that are streamed. */
  readonly maxStreams: number;
  /** Whether a turn ends when its client leaves; it goes on for nobody otherwise. */
  readonly killOnDisconnect: boolean;
  /** Where each turn gets a folder of its own; absolute. */
  readonly workDir: string;
  /** Whether callers without a key are told its names where one is asked. */
  readonly openNames: boolean;
  /** Whether what is said with the processes stands in the log, at `debug`. */
  readonly logMessages: boolean;
  /** Whether `/__test/conc` tells how many streams run. */
  readonly testEndpoints: boolean;
  /** How long a turn may take. */
  readonly turnTimeoutMs: number;
  /** How long nothing may be heard of a turn. */
  readonly idleTimeoutMs: number;
  /** How long nothing at all may be heard of a process that was asked for an answer without a stream, before the turn begins. */
  readonly startTimeoutMs: number;
  /** How long a stream may have nothing for its client. */
  readonly streamIdleTimeoutMs: number;
  /** A worker that says nothing for so long, though it was asked after half of it, is ended and followed by a new one. */
  readonly hungAfterMs: number;
}

/** How much each caller, by its key or else its address, may ask of models. */
export interface RateLimitConfig {
  readonly enabled: boolean;
  readonly windowMs: number;
  /** Requests in a window, and at once. */
  readonly max: number;
}

/** What calls used, kept by day, model and key. */
export interface UsageConfig {
  readonly enabled: boolean;
}

export interface ProviderConfig {
  readonly name: string;
  /** With `/v1` or whatever the provider's paths stand below. */
  readonly baseUrl: string;
  /** Environment variable that holds the key. */
  readonly apiKeyEnv: string;
  /** The key itself, read from that variable; `undefined` when it is not set. */
  readonly apiKey: string | undefined;
  readonly auth: 'bearer' | 'x-api-key';
  readonly apis: readonly Api[];
  /** Our model name to the provider's; without it those that LiteLLM's configuration has of this provider. */
  readonly models?: Readonly<Record<string, string>>;
}

export interface WorkspacesConfig {
  /** Folders below which callers with a key may name their own; absolute. */
  readonly roots: readonly string[];
  /** The folder of requests that name none; absolute. */
  readonly default?: string;
}

export interface CommandsConfig {
  /** Whether `$1` or `$0` is the first argument of a command; `auto`: as the command's folder has it. */
  readonly positionals: 'auto' | 'zero' | 'one';
  /** Where `@path` puts a file before the prompt: in commands only, or in every prompt. */
  readonly references: 'commands' | 'prompts';
}

export interface PermissionsConfig {
  /**
   * Who decides about the model's tool calls that no rule decides: the client, as if we were not there, or the
   * user, asked by us.
   */
  readonly undecided: 'client' | 'ask';
}

export interface PassthroughConfig {
  /**
   * Paths below the API root whose answers may hold tool calls, and that are passed through all the same where
   * rules or hooks decide calls.
   */
  readonly uncheckedPaths: readonly string[];
}

export interface AccessibilityConfig {
  /** Text is streamed in whole sentences to everybody, not only to requests that ask for it. */
  readonly sentences: boolean;
}

export interface McpConfig {
  /** Whether names at `/mcp` have their server before them: always, where two servers have the same name, or never. */
  readonly prefix: 'always' | 'conflict' | 'never';
  /**
   * Which requests are offered the tools of MCP servers: those that have tools of their own (`agents`), all that can
   * use them, or none.
   */
  readonly tools: 'always' | 'agents' | 'never';
  /** Of more tokens of definitions than these the model gets a search for tools in their place. */
  readonly searchAboveTokens: number;
  /** How long the first request of a turn waits for servers that have not told their tools yet. */
  readonly waitMs: number;
  /** Whether a tool whose definition changes is held back until its user accepts it. */
  readonly pinTools: boolean;
  /** Whether what looks like a secret is taken out of what servers answer, and not only the keys that are ours. */
  readonly redactResults: boolean;
  /** The names of the servers that may ask the model of a conversation something (sampling). */
  readonly sampling: readonly string[];
}

export interface BreakerConfig {
  /** Failures in a row that open the breaker. */
  readonly failures: number;
  /** How long an open breaker lets nothing through. */
  readonly coolDownMs: number;
}

export interface TimeoutConfig {
  readonly connectMs: number;
  /** Longest wait for an answer's head. */
  readonly headersMs: number;
  /** Longest silence inside an answer; at least ten minutes unless set lower on purpose. */
  readonly idleMs: number;
}

export interface SandboxConfig {
  /** `required`: commands, hooks and scripts run in the operating system's sandbox or not at all; `off`: without one. */
  readonly mode: 'required' | 'off';
}
