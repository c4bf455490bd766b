import { redact } from '../../platform/telemetry/redact.ts';
import type { TranscriptEntry } from '../../protocol/conversation/transcript.ts';
import { codeSpan, fenced } from './code-markdown.ts';

interface TranscriptHead {
  readonly at: Date;
  readonly session: string;
  readonly workspace: string;
  readonly model: string | undefined;
}

/** A conversation as a document. What looks like a secret is replaced; all else stands as it was said. */
export function transcriptMarkdown(
  entries: readonly TranscriptEntry[],
  { at, session, workspace, model }: TranscriptHead,
): string {
  return [
    '# Conversation',
    [
      `- Saved: ${at.toISOString()}`,
      `- Session: ${codeSpan(session)}`,
      `- Workspace: ${codeSpan(workspace)}`,
      ...(model === undefined ? [] : [`- Model: ${codeSpan(model)}`]),
    ].join('\n'),
    // Each piece by itself: a key that is cut off must not take the rest of the document with it.
    ...entries.map(entryMarkdown),
  ]
    .join('\n\n')
    .concat('\n');
}

function entryMarkdown(entry: TranscriptEntry): string {
  switch (entry.kind) {
    case 'message':
      return `## ${entry.role === 'user' ? 'User' : 'Assistant'}\n\n${redact(entry.text).trimEnd()}`;
    case 'call':
      return `### Tool call: ${codeSpan(entry.name)}\n\n${fenced(redact(entry.input))}`;
    case 'output':
      return `### Tool output\n\n${fenced(redact(entry.text).trimEnd())}`;
  }
}
