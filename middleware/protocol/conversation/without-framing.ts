/** The tags that stand around what nobody of a conversation said, ours and those of clients. */
const tags = [
  'system-reminder',
  'persisted-output',
  'command-(?:message|name|args)',
  'skill',
  'environment_context',
  'user_instructions',
  'turn_aborted',
].join('|');
const tag = new RegExp(String.raw`<((?:\s*/)?\s*(?:${tags})(?![\w-])[^<>]*)(>?)`, 'gi');
/** Codex writes this before the instructions of a project. */
const heading = /^(?=# AGENTS\.md instructions)/;

/**
 * A text of others, of a server, a file or a program, as it may stand in a message: it cannot end the framing around it, nor
 * begin one that it would be taken for.
 */
export function withoutFraming(text: string): string {
  return text
    .replace(tag, (_, inner: string, end: string) => `&lt;${inner}${end === '' ? '' : '&gt;'}`)
    .replace(heading, '\\');
}
