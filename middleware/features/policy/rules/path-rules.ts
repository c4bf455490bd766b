import ignore from 'ignore';
import { dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path';
import type { PermissionRule } from '../../../kernel/permission-rule.ts';
import { testInTime } from '../../../platform/patterns/test-in-time.ts';
import type { PolicyContext } from '../policy-context.ts';

type Places = Pick<PolicyContext, 'cwd' | 'home' | 'realpath' | 'onUntested'>;

/** With many stars, a pattern of three lines and a path of four kilobytes take minutes: both may be made up. */
const maxSimpleStars = 1;
/** At the start it costs no more than nothing does: both are tried at each folder of the path. */
const anyFolder = /^\*\*\//;

/**
 * Tests files against a path rule, by gitignore's rules and without regard to case. `//x` starts at the root, `~/x` at
 * home, `/x` at the folder of the settings, everything else at the working directory. A rule never reaches above its start.
 * One that takes too long to test allows nothing, and refuses. `exceptions` are patterns that take files out of it again.
 */
export function pathMatcher(
  spec: string,
  rule: Pick<PermissionRule, 'source' | 'behavior'>,
  places: Places,
  exceptions: readonly string[] = [],
): (path: string) => boolean {
  const { source, behavior } = rule;
  const { base, pattern } = anchored(spec, source, places);
  const bases = [...new Set([base, places.realpath(base) ?? base])];
  const taken = exceptions
    .map((exception) => anchored(exception, source, places))
    .filter((exception) => exception.base === base && exception.pattern !== '');
  const matcher = ignore().add([
    { pattern },
    ...taken.map((exception) => ({ pattern: `!${exception.pattern}` })),
  ]);
  const all = [pattern, ...taken.map((exception) => exception.pattern)];
  const patterns = all.join(' ');
  const stars = all.flatMap((one) => one.replace(anyFolder, '').match(/\*/g) ?? []);
  const ignores = (inside: string): boolean => {
    if (stars.length <= maxSimpleStars) return matcher.ignores(inside);
    const said = testInTime({ file: source.file, pattern: patterns }, () => matcher.ignores(inside));
    if (said !== undefined) return said;
    places.onUntested?.(rule);
    return behavior !== 'allow';
  };
  return (path) =>
    bases.some((start) => {
      const inside = relativeInside(start, path);
      if (inside === undefined) return false;
      return pattern === '' || (inside !== '' && ignores(inside));
    });
}

/** A file by all its names: as it was given, and where links lead. What is not there yet is looked up by its folder. */
export function namesOf(path: string, realpath: Places['realpath']): readonly string[] {
  const real = realOf(path, realpath);
  return real === path ? [path] : [path, real];
}

/** The absolute path that a call means. */
export function absolutePath(path: string, places: Places): string {
  if (path === '~' || path.startsWith('~/')) return join(places.home, path.slice(1));
  return resolve(places.cwd, path);
}

/** The path from a folder to something in it, with `/`; empty for the folder itself, `undefined` for what is elsewhere. */
export function relativeInside(folder: string, path: string): string | undefined {
  const way = relative(folder, path);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return undefined;
  return way.split(sep).join('/');
}

function anchored(
  spec: string,
  source: PermissionRule['source'],
  { cwd, home }: Places,
): { base: string; pattern: string } {
  if (spec.startsWith('//')) return { base: parse(cwd).root, pattern: withoutTail(spec.slice(1)) };
  if (spec === '~' || spec.startsWith('~/')) return { base: home, pattern: withoutTail(spec.slice(1)) };
  if (spec.startsWith('/')) return { base: source.baseDir, pattern: withoutTail(spec) };
  return { base: cwd, pattern: withoutTail(spec.replace(/^(?:\.\/)+/, '')) };
}

/** `secrets/**` and `secrets/` mean what `secrets` means: at any depth, with all below. */
function withoutTail(pattern: string): string {
  return pattern.replace(/(?:\/(?:\*\*)?)+$/, '');
}

function realOf(path: string, realpath: Places['realpath']): string {
  const real = realpath(path);
  if (real !== undefined) return real;
  const folder = dirname(path);
  return folder === path ? path : join(realOf(folder, realpath), relative(folder, path));
}
