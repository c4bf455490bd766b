import { parseArgs } from 'node:util';
import { hookScenario } from './hooks/hook-bench.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import { toolCallScenarios, type ToolCallScenario } from './tool-calls/tool-call-bench.ts';
import { translationScenario } from './translation/translation-bench.ts';

/** What to measure and how often. */
export interface Options {
  readonly scenarios: readonly Scenario[];
  readonly toolCalls: readonly ToolCallScenario[];
  readonly hooks: boolean;
  readonly translates: boolean;
  /** Whether Codex as a model is measured: only where it is asked for, as Codex has to be there. */
  readonly codex: boolean;
  readonly rounds: number;
  readonly jsonFile: string | undefined;
  /** Whether scenarios are profiled and not compared. */
  readonly profiles: boolean;
  /** Whether it is only said whether requests got clearly dearer. */
  readonly guards: boolean;
  readonly settings: string | undefined;
  readonly mcpServers: number;
  /** Which other proxies stand beside the bare pipe. */
  readonly peers: 'plain' | 'all';
  /** Variables for the middleware. */
  readonly env: Readonly<Record<string, string>>;
}

const codex = 'codex';
const ours = [...scenarios, ...toolCallScenarios, hookScenario, translationScenario];
const names = [...ours.map(({ name }) => name), codex];

export const usage = `npm run bench -- [--quick] [--only NAME]… [--rounds N] [--json FILE] [--env KEY=VALUE]… [--settings JSON] [--mcp N] [--profile | --guard]
  --quick   3 rounds in place of 9: enough to see that something broke
  --only    a scenario, can be given more than once: ${names.join(', ')}
  --json    keeps every figure of every round in a file
  --env     a variable for the middleware, to measure it with a feature on or off
  --settings  one more middleware, whose user has these settings: hooks, permission rules
  --mcp     one more middleware, whose user has so many MCP servers with twenty tools each
  --peers   gateways of others as well, installed where they are missing: Portkey from npm, LiteLLM
  --profile the dearest functions of the middleware in each scenario, in place of the comparison
  --guard   ends with 1 where a request takes far more of the processor than the bare pipe's; under a minute`;

/** Reads the command line; throws with what is wrong with it. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string' },
      json: { type: 'string' },
      env: { type: 'string', multiple: true, default: [] },
      settings: { type: 'string' },
      mcp: { type: 'string', default: '0' },
      peers: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      guard: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds ?? (values.quick ? 3 : 9));
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100)
    throw new Error('--rounds is a number from 1 to 100');
  const mcpServers = Number(values.mcp);
  if (!Number.isInteger(mcpServers) || mcpServers < 0 || mcpServers > 60)
    throw new Error('--mcp is a number from 0 to 60');
  const unknown = values.only.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`there is no scenario ${unknown.join(', ')}`);
  const isAsked = ({ name }: { readonly name: string }): boolean =>
    values.only.length === 0 || values.only.includes(name);
  return {
    scenarios: scenarios.filter(isAsked),
    toolCalls: toolCallScenarios.filter(isAsked),
    hooks: isAsked(hookScenario),
    translates: isAsked(translationScenario),
    codex: values.only.includes(codex),
    rounds,
    jsonFile: values.json,
    profiles: values.profile,
    guards: values.guard,
    mcpServers,
    peers: values.peers ? 'all' : 'plain',
    settings: values.settings === undefined ? undefined : JSON.stringify(JSON.parse(values.settings)),
    env: Object.fromEntries(values.env.map(variable)),
  };
}

function variable(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new Error(`--env takes KEY=VALUE, not "${text}"`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}
