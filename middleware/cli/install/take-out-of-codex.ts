import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../kernel/json-object.ts';
import { CliError } from '../cli-error.ts';
import { CodexToml } from './codex-toml.ts';
import { keptLines } from './kept-lines.ts';
import { ourPart } from './our-part.ts';
import { documentWithout, isPartOf, withoutEmpty } from './toml-paths.ts';
import { undoSegments } from './text-segments.ts';
import type { Segment } from '../../features/install/planned-file.ts';
import { withoutStatements } from './without-statements.ts';

/**
 * A `config.toml` without what `init` wrote; what the user, or Codex for them, changed since then stays. What it must say is
 * worked out first, and no text that says anything else is handed back. Throws a CliError with the line for a file that is
 * broken, and where what is ours cannot be told apart.
 */
export function takeOutOfCodex(text: string, segments: readonly Segment[], file: string): string {
  const toml = new CodexToml(text, file);
  if (segments.length === 0) return text;
  const ours = ourPart(toml.document, segments);
  const rest = documentWithout(toml.document, ours);
  const kept = keptLines(toml, text);
  const wanted = withoutEmpty({
    ...Object.fromEntries(kept.map(({ key, value }) => [key, value])),
    ...rest,
  });
  const undone = undoSegments(text, segments);
  const statements = (): string =>
    withoutStatements(text, toml, { ours, kept: kept.filter(({ key }) => !(key in rest)) });
  // As it was written, which gives back every byte; and by statements, where something has changed.
  const candidates = [() => (undone.missing.length === 0 ? undone.text : undefined), statements];
  for (const make of candidates) {
    const candidate = make();
    if (candidate === undefined) continue;
    if (isDeepStrictEqual(documentOf(candidate), wanted)) return candidate;
  }
  const lines = toml.statements.filter(({ path }) =>
    ours.some((own) => isPartOf(path, own) || isPartOf(own, path)),
  );
  const told = lines.map(({ line }) => line).join(', ');
  throw new CliError(
    `${file}: Codex-Plus cannot take its part out, as the file has been changed around it; take it out by hand: line ${told}`,
  );
}

function documentOf(text: string): JsonObject | undefined {
  try {
    return withoutEmpty(new CodexToml(text, '').document) as JsonObject;
  } catch {
    // A text of ours that is broken is not handed back; whose fault it is does not matter.
    return undefined;
  }
}
