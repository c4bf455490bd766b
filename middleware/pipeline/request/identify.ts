import type { CallerKeys } from '../../features/identity/caller-keys.ts';
import { CodexPlusError } from '../../kernel/errors.ts';
import type { RequestStage } from '../../kernel/stage.ts';

/** Whose request is it. Answers `unauthorized` when a key is asked and none was presented. */
export function createIdentifyStage({ identify }: CallerKeys): RequestStage {
  return {
    name: 'identify',
    run: (exchange) => {
      const caller = identify(exchange.request.headers);
      if (caller === undefined) throw unauthorized();
      return caller.kind === exchange.caller.kind ? exchange : { ...exchange, caller };
    },
  };
}

/** The error for a request without one of our keys. */
export function unauthorized(): CodexPlusError {
  return new CodexPlusError(
    'unauthorized',
    'this codex-plus asks for a key: send one of its server.apiKeys as x-codex-plus-key or as a bearer token',
  );
}
