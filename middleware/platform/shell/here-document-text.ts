import type { CommandExpansionPart, HereDoc, Statement } from 'unbash';

/**
 * What `$(cat <<'EOF' …)` comes to: a text as it stands there. It is how long commit messages are written, and
 * nothing in it is left to a run. `undefined` for any other substitution.
 */
export function hereDocumentText({ script }: CommandExpansionPart): string | undefined {
  const [statement, ...more] = script?.commands ?? [];
  if (statement === undefined || more.length > 0 || statement.background === true) return undefined;
  const document = onlyDocument(statement.command);
  if (document === undefined) return undefined;
  const { body, delimiter } = document;
  const isLiteral = delimiter?.quoted === true || !/[$`\\]/.test(body.text);
  // A substitution loses the line breaks at its end.
  return isLiteral ? withoutLastBreaks(body.text) : undefined;
}

function onlyDocument(command: Statement['command']): HereDoc | undefined {
  if (command.type !== 'Command' || command.name?.text !== 'cat') return undefined;
  const [document, ...others] = [...command.prefix, ...command.suffix];
  if (document?.type !== 'HereDoc' || others.length > 0) return undefined;
  return document.operator === '<<' && document.descriptor === undefined ? document : undefined;
}

function withoutLastBreaks(text: string): string {
  let end = text.length;
  while (text.charAt(end - 1) === '\n') end -= 1;
  return text.slice(0, end);
}
