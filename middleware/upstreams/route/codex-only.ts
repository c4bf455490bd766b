import { CodexPlusError } from '../../kernel/errors.ts';
import { ownedApi, withoutQuery } from '../../protocol/api-path.ts';
import { servedModel } from '../../protocol/app-server/served-models.ts';
import { isCount, uncounted } from './uncounted-tokens.ts';

/** Where Codex is a model here. */
export interface CodexAsModel {
  readonly isEnabled: boolean;
  /** Nobody else answers for any model here, now or later. */
  readonly isAlone: boolean;
}

/** A request that is no model call, and may name a model. */
interface Asked {
  readonly method: string;
  /** Below the root of the API. */
  readonly path: string;
  readonly model: string;
}

/** Throws for a request that names Codex itself, which answers model calls and nothing else. */
export function refuseCodex({ path, model }: Omit<Asked, 'method'>, codex: CodexAsModel): void {
  if (!codex.isEnabled || servedModel(model) === undefined) return;
  if (isCount(path)) throw uncounted(model, 'Codex has no way to');
  throw new CodexPlusError(
    'not_served',
    `${withoutQuery(path)} is not served for "${model}": it is Codex itself, which answers conversations and nothing else`,
  );
}

/** What is said where there is nothing but Codex, to a request that names no model: the method that its path has, or that nobody has the path. */
export function notOfCodex({ method, path }: Omit<Asked, 'model'>): CodexPlusError {
  const name = withoutQuery(path);
  const allowed = methodsOf(name);
  if (allowed === undefined || allowed.split(', ').includes(method))
    return new CodexPlusError('not_served', `nothing answers at ${name} here`);
  return new CodexPlusError('method_not_allowed', `${name} takes ${allowed}, not ${method}`, {
    headers: ['allow', allowed],
  });
}

function methodsOf(path: string): string | undefined {
  if (ownedApi(path) !== undefined) return 'POST';
  return path === '/models' ? 'GET, HEAD, OPTIONS' : undefined;
}
