import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { valueOf, type Environment } from '../platform/config/environment.ts';
import { isClaudeLoggedIn } from './claude/claude-login.ts';
import { claudeVariables } from './claude/claude-variables.ts';
import { CliError } from './cli-error.ts';
import { askCodex } from './codex/codex-program.ts';
import { providerId, providerSettings } from './codex/provider-settings.ts';
import { withoutUs } from './install/without-us.ts';
import type { CliContext } from './context.ts';
import { keyVariable } from './instance/key-variable.ts';
import { findInstance } from './instance/find-instance.ts';
import { inlineToml } from '../protocol/codex/inline-toml.ts';

/**
 * `codex-plus run -- CLIENT …`: runs a client through the middleware with arguments and variables only, no file is
 * touched. When nothing answers, the client runs as if we were not there, and is told so.
 */
export function addRunCommand(program: Command, context: CliContext): void {
  program
    .command('run')
    .description('run a client through the middleware, or directly when it is down')
    .usage('[options] -- <client> [arguments…]')
    .option('--url <url>', 'the middleware to use')
    .argument('<client...>', 'codex, claude, or a program that uses an SDK')
    .passThroughOptions()
    .action(async (client: readonly string[], options: { readonly url?: string }) => {
      const { url, health } = await findInstance(context, options.url);
      const [name = '', ...args] = client;
      if (health === undefined) {
        context.stderr.write(`codex-plus does not answer at ${url}: running ${name} without it\n`);
        const given = isCodex(name) ? [...settingFlags(withoutUs(context)), ...args] : args;
        await runClient(context, name, given, {});
        return;
      }
      const { given, env } = await throughMiddleware(context, { name, args, url });
      await runClient(context, name, given, env);
    });
}

async function throughMiddleware(
  context: CliContext,
  { name, args, url }: { readonly name: string; readonly args: readonly string[]; readonly url: string },
): Promise<{ given: readonly string[]; env: Environment }> {
  const { env, cwd } = context;
  if (isClaude(name)) {
    const isLoggedIn = await isClaudeLoggedIn({ program: name, cwd, env });
    return { given: args, env: claudeVariables({ url, env, key: valueOf(env, keyVariable), isLoggedIn }) };
  }
  if (!isCodex(name)) return { given: args, env: sdkVariables(url, env) };
  const codex = await askCodex({ program: name, cwd, env });
  const settings = providerSettings({
    url,
    withLogin: codex?.login === 'chatgpt',
    keyVariable: valueOf(env, keyVariable) === undefined ? undefined : keyVariable,
  });
  const flags = [`model_provider=${providerId}`, `model_providers.${providerId}=${inlineToml(settings)}`];
  return { given: [...settingFlags(flags), ...args], env: {} };
}

function isCodex(name: string): boolean {
  return /^codex(?:\.\w+)?$/.test(basename(name));
}

function isClaude(name: string): boolean {
  return /^claude(?:\.\w+)?$/.test(basename(name));
}

function settingFlags(settings: readonly string[]): string[] {
  return settings.flatMap((setting) => ['-c', setting]);
}

/** What the SDKs read; a key of the caller's own stays. */
export function sdkVariables(url: string, env: Environment): Record<string, string> {
  const key = valueOf(env, keyVariable) ?? 'no-key-needed';
  return {
    OPENAI_BASE_URL: `${url}/v1`,
    OPENAI_API_KEY: valueOf(env, 'OPENAI_API_KEY') ?? key,
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: valueOf(env, 'ANTHROPIC_API_KEY') ?? key,
  };
}

async function runClient(
  { env, cwd }: CliContext,
  name: string,
  args: readonly string[],
  more: Environment,
): Promise<void> {
  const child = spawn(name, args, { cwd, stdio: 'inherit', env: { ...env, ...more } });
  const forward = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  // The terminal tells the client itself; this process waits for it.
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore).on('SIGTERM', forward);
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      reject(new CliError(error.code === 'ENOENT' ? `${name} is not installed` : error.message, 127));
    });
    child.once('exit', (exitCode) => {
      resolve(exitCode ?? 1);
    });
  });
  process.off('SIGINT', ignore).off('SIGTERM', forward);
  if (code !== 0) throw new CliError('', code);
}
