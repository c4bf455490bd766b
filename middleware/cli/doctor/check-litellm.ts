import type { Health } from '../instance/find-instance.ts';
import { litellmStateText } from '../instance/litellm-state-text.ts';
import { counted } from '../output/counted.ts';
import type { Facts, LitellmFacts } from './facts.ts';
import type { Finding } from './finding.ts';

/** Whether LiteLLM can be installed, configured and started, runs, and has the keys that it needs. */
export function checkLitellm({ litellm, middleware, codex }: Facts): Finding[] {
  if (litellm === undefined) return [];
  if (litellm.mode === 'off') return [{ id: 'litellm', level: 'ok', what: 'LiteLLM is switched off' }];
  const running = middleware?.health?.litellm;
  // What the running one was started with counts, not what this shell has.
  const warnings = running === undefined ? litellm.warnings : (running.warnings ?? []);
  return [
    ...(running === undefined ? checkStart(litellm) : [checkState(running), ...checkBreaker(running)]),
    ...(running === undefined ? litellm.faults : []).map((fault): Finding => ({
      ...atPlace(fault),
      id: 'litellm-config',
      level: 'problem',
    })),
    ...warnings.map((warning): Finding => ({ ...atPlace(warning), id: 'litellm-config', level: 'warning' })),
    ...(isToldOf(middleware?.health) ? [] : checkKeys(litellm, warnings, codex.program?.login === 'chatgpt')),
  ];
}

/** Where LiteLLM runs and no model can be called all the same, the middleware says as its own reason that no key is there. */
function isToldOf(health: Health | undefined): boolean {
  return health?.litellm.state === 'ready' && health.status === 'degraded';
}

/** What would keep it from starting. */
function checkStart({ isInstalled, installer, portFault, mode }: LitellmFacts): Finding[] {
  if (mode !== 'managed') return [];
  const findings: Finding[] = [];
  if (isInstalled) findings.push({ id: 'python', level: 'ok', what: 'LiteLLM is installed' });
  else if (installer !== undefined) {
    findings.push({ id: 'python', level: 'ok', what: `LiteLLM will be installed with ${installer}` });
  } else {
    findings.push({
      id: 'python',
      level: 'problem',
      what: 'LiteLLM is not installed, and there is neither Python 3.10 to 3.14 nor uv on PATH',
      where: 'PATH',
      todo: 'install Python or uv, or set litellm.mode to "off"',
    });
  }
  if (portFault !== undefined) {
    findings.push({
      id: 'litellm-port',
      level: 'problem',
      what: portFault,
      where: 'litellm.url',
      todo: 'stop that program, or set CODEX_PLUS_LITELLM_URL',
    });
  }
  return findings;
}

function checkState({ state, reason, models, url }: Health['litellm']): Finding {
  const where = url === undefined ? {} : { where: url };
  const todo = 'see docs/litellm.md and the log';
  switch (state) {
    case 'ready':
      if (reason === undefined) {
        return {
          id: 'litellm',
          level: 'ok',
          what: `LiteLLM is ready${models === undefined ? '' : ` with ${counted(models.length, 'model')}`}`,
        };
      }
      return {
        ...{ id: 'litellm', level: 'problem', ...where },
        what: `the last edit of its configuration is not in use: ${reason}`,
        todo: 'mend it, and it is taken over',
      };
    case 'installing':
    case 'starting':
    case 'reloading':
      return {
        ...{ id: 'litellm', level: 'warning', ...where },
        what: `LiteLLM is ${litellmStateText(state)}`,
        todo: 'wait a moment and ask again',
      };
    default:
      return {
        ...{ id: 'litellm', level: 'problem', ...where },
        what: `LiteLLM is ${litellmStateText(state)}: ${reason ?? 'no reason given'}`,
        todo,
      };
  }
}

function checkBreaker({ state, breaker }: Health['litellm']): Finding[] {
  if (breaker === 'closed' || state !== 'ready') return [];
  return [
    {
      id: 'litellm',
      level: 'warning',
      what: `the circuit breaker is ${breaker}: LiteLLM failed several times in a row`,
      todo: 'see the log for the errors',
    },
  ];
}

function checkKeys(
  { models: { models } }: LitellmFacts,
  warnings: readonly string[],
  hasLogin: boolean,
): Finding[] {
  const isMissing = (variable: string): boolean =>
    warnings.some((warning) => warning.includes(`environment variable ${variable} is not set`));
  const needed = new Set<string>();
  for (const { apiKeyEnv } of models) {
    if (apiKeyEnv === undefined || !isMissing(apiKeyEnv)) return [];
    needed.add(apiKeyEnv);
  }
  if (needed.size === 0) return [];
  return [
    {
      id: 'provider-keys',
      // A ChatGPT login needs none of them.
      level: hasLogin ? 'warning' : 'problem',
      what: 'no model of LiteLLM has a key',
      where: [...needed].join(', '),
      todo: 'set one of them where you start Codex-Plus, and start it again',
    },
  ];
}

function todoFor(line: string): string {
  if (line.includes('environment variable')) return 'set it where you start Codex-Plus, and start it again';
  return line.includes('" is a wildcard: ')
    ? 'nothing, unless one of its models is to stream: write that one as an entry of its own'
    : 'mend it there; `codex-plus litellm check` looks again';
}

/** The linter's lines begin with their place. */
function atPlace(line: string): { readonly what: string; readonly where?: string; readonly todo: string } {
  const [, where, what] = /^(.+?(?:, line \d+(?:, column \d+)?)?): (.+)$/s.exec(line) ?? [];
  const todo = todoFor(line);
  return where === undefined || what === undefined ? { what: line, todo } : { what, where, todo };
}
