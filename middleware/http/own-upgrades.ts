import { ConfigError } from '../platform/config/config-error.ts';
import { appOptions } from '../platform/config/settings-place.ts';

/** Plain segments, as `app.use` takes them for what they are; with a pattern nobody could tell where it ends. */
const plainPath = /^(?:\/[\w.~%-]+)*\/?$/;

/** Nothing else here is spoken over WebSocket, and an app may well have a `/chat` or `/messages` of its own. */
const own = /^\/(?:v1\/|responses\/?(?:\?|$))/;

/**
 * Which upgrades of an app's server are for this middleware: gives such a one's URL without the path that the app
 * mounted us at, as Express does for requests and nobody for upgrades; `undefined` for all others. Throws a
 * ConfigError for a path that is none.
 */
export function createOwnUpgrades(mountPath: string): (url: string) => string | undefined {
  if (!plainPath.test(mountPath)) {
    const reason = `${JSON.stringify(mountPath)} has to be the path that the app mounts it at, like "/llm"`;
    throw new ConfigError([{ source: appOptions, path: 'path', reason }]);
  }
  // Express finds a mount whatever the case of its letters, and with a slash at its end or without.
  const prefix = mountPath.toLowerCase().replace(/\/$/, '');
  return (url) => {
    if (url.slice(0, prefix.length).toLowerCase() !== prefix) return undefined;
    const below = url.slice(prefix.length);
    return own.test(below) ? below : undefined;
  };
}
