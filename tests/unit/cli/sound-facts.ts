import { parseCodexConfig, type CodexConfigFile } from '../../../middleware/cli/codex/codex-config-file.ts';
import type { Actions } from '../../../middleware/cli/doctor/actions.ts';
import type {
  CodexFacts,
  Facts,
  LitellmFacts,
  MiddlewareFacts,
} from '../../../middleware/cli/doctor/facts.ts';
import type { Health } from '../../../middleware/cli/instance/find-instance.ts';
import { modelsOf } from '../../../middleware/platform/config/litellm-config.ts';

interface Changes {
  readonly facts?: Partial<Facts>;
  readonly middleware?: Partial<MiddlewareFacts>;
  readonly litellm?: Partial<LitellmFacts>;
  readonly codex?: Partial<CodexFacts>;
}

/** The facts of a machine on which everything is as it should be, with what a test changes of them. */
export function soundFacts({ facts = {}, middleware = {}, litellm = {}, codex = {} }: Changes = {}): Facts {
  return {
    node: { version: '24.21.0', oldest: '22.19' },
    env: {},
    configFaults: [],
    middleware: {
      url: 'http://127.0.0.1:3000',
      health: soundHealth(),
      portFault: undefined,
      asksForKey: false,
      ...middleware,
    },
    litellm: {
      mode: 'managed',
      faults: [],
      warnings: [],
      models: modelsOf({
        model_list: [{ model_name: 'gpt-5', litellm_params: { model: 'openai/gpt-5' } }],
      }),
      isInstalled: true,
      installer: undefined,
      portFault: undefined,
      unpriced: [],
      ...litellm,
    },
    codex: {
      program: { version: '0.169.0', login: 'none' },
      testedVersions: ['0.169.0'],
      home: {
        folder: '/home/me/.codex',
        isNamed: false,
        exists: true,
        isTemporary: false,
        setsBaseUrl: false,
      },
      config: codexConfig(pointedHere),
      profiles: [],
      projectConfigs: [],
      tries: [],
      hooks: { kind: 'listed', hooks: [], errors: [] },
      daemon: undefined,
      ...codex,
    },
    ...facts,
  };
}

/** What a sound middleware tells of itself, with a LiteLLM as the test has it. */
export function soundHealth(litellm: Partial<Health['litellm']> = {}): Health {
  return {
    status: 'ok',
    version: '0.1.0',
    pid: 4711,
    uptimeSeconds: 5,
    litellm: { state: 'ready', breaker: 'closed', models: ['gpt-5'], ...litellm },
    chatgpt: { enabled: true, transport: 'undici' },
    providers: [],
    clients: [],
  };
}

export const pointedHere = `model_provider = "codex-plus"
model = "gpt-5"

[model_providers.codex-plus]
name = "codex-plus"
base_url = "http://127.0.0.1:3000/v1"
`;

/** A `config.toml` of Codex with this text. */
export function codexConfig(text: string): CodexConfigFile {
  return parseCodexConfig(text, '/home/me/.codex/config.toml');
}

/** Actions that only tell that they were taken. */
export function noActions(taken: string[] = []): Actions {
  const take = (name: string) => (): Promise<void> => {
    taken.push(name);
    return Promise.resolve();
  };
  return { start: take('start'), stopDaemon: take('stop the daemon'), whoListens: (port) => `who ${port}` };
}
