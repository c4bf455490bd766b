import type { Actions } from './actions.ts';
import type { Facts, MiddlewareFacts } from './facts.ts';
import type { Finding } from './finding.ts';
import { visibleLine } from '../../kernel/visible-text.ts';
import { failingText } from '../instance/failing-text.ts';

/** Whether the middleware can start, and whether it runs. */
export function checkMiddleware(facts: Facts, actions: Actions): Finding[] {
  const { middleware } = facts;
  return [
    checkNode(facts),
    ...checkConfig(facts),
    ...(middleware === undefined ? [] : checkRunning(middleware, actions)),
  ];
}

function checkNode({ node: { version, oldest } }: Facts): Finding {
  if (isAtLeast(version, oldest)) return { id: 'node', level: 'ok', what: `Node ${version}` };
  return {
    id: 'node',
    level: 'problem',
    what: `Node ${version} is too old`,
    todo: `install Node ${oldest} or newer`,
  };
}

function isAtLeast(version: string, oldest: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

function checkConfig({ configFaults }: Facts): Finding[] {
  if (configFaults.length === 0) return [{ id: 'config', level: 'ok', what: 'the configuration is sound' }];
  return configFaults.map(({ source, path, reason }) => ({
    id: 'config',
    level: 'problem',
    what: path === '' ? reason : `${path}: ${reason}`,
    where: source,
    todo: 'mend it; docs/configuration.md has every setting',
  }));
}

function checkRunning(middleware: MiddlewareFacts, actions: Actions): Finding[] {
  const { url, health, portFault } = middleware;
  if (health === undefined) return [notRunning(url, portFault, actions)];
  const { status, reason, version } = health;
  const failing = (health.failing ?? []).map((one): Finding => ({
    ...{ id: 'failing-model', level: 'warning', where: url },
    what: `calls of ${visibleLine(one.model, 100)} fail: ${failingText(one)}`,
    todo: 'see the log: the key, the limits or the provider itself',
  }));
  if (status === 'ok')
    return [{ id: 'middleware', level: 'ok', what: `Codex-Plus ${version} runs at ${url}` }, ...failing];
  return [
    ...failing,
    {
      id: 'middleware',
      level: 'problem',
      what: `Codex-Plus runs, and cannot answer model calls: ${reason ?? status}`,
      where: url,
      todo:
        status === 'stopping'
          ? 'wait for its end, then start it again'
          : 'mend what is said of LiteLLM, or set the key of a provider',
    },
  ];
}

function notRunning(url: string, portFault: string | undefined, actions: Actions): Finding {
  if (portFault !== undefined) {
    const port = new URL(url).port || '80';
    return {
      id: 'port',
      level: 'problem',
      what: portFault,
      where: url,
      todo: `see who it is with \`${actions.whoListens(port)}\` and stop that program, or set CODEX_PLUS_PORT`,
    };
  }
  return {
    id: 'middleware',
    level: 'problem',
    what: 'Codex-Plus does not run; Codex waits without end for an address that does not answer',
    where: url,
    todo: 'codex-plus start',
    fix: { describe: 'start it in the background', apply: actions.start },
  };
}
