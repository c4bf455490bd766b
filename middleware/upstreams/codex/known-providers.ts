import { objectIn } from '../../kernel/json-object.ts';
import type { Log } from '../../kernel/log.ts';
import { ownProviders } from '../../protocol/codex/own-providers.ts';
import { startWorker } from './start-worker.ts';
import type { WorkerCommand } from './worker-command.ts';

/**
 * The names of the providers that Codex knows with this command: its own, and those of its `config.toml`. Rejects with a
 * sentence where it does not start, or cannot read its settings, with which it starts and then refuses every call.
 */
export async function providersKnownBy(command: WorkerCommand, log: Log): Promise<readonly string[]> {
  const worker = await startWorker(command, { log, logsMessages: false });
  try {
    const { config } = await worker.call('config/read', {});
    const named = Object.keys(objectIn(objectIn(config)['model_providers']));
    return [...new Set([...ownProviders, ...named])];
  } finally {
    await worker.stop();
  }
}
