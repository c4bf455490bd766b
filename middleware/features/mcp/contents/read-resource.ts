import { isInputRequiredResult, type ReadResourceResult } from '@modelcontextprotocol/client';
import { outcomeOf, type OutcomePart, type ToolOutcome } from '../tool-outcome.ts';
import { askForNobody, nobodyToAnswer } from './ask-for-nobody.ts';
import { askInTime, type Asked } from './ask-in-time.ts';
import { fromResource } from './no-resource.ts';
import type { ContentsClient } from './get-prompt.ts';

/** A piece of a resource: text, which may be cut, a picture, or something else that only its type is told of. */
export type ResourcePart =
  | { readonly kind: 'text'; readonly text: string; readonly isWhole: boolean }
  | Exclude<OutcomePart, { readonly kind: 'text' }>
  | { readonly kind: 'binary'; readonly mimeType: string };

/** Of one resource; a server may answer with as many as it likes. */
const maxContents = 50;

/** Reads a resource: all its contents, with texts of no more than a tool's result may have. */
export function readResource(
  { server, uri }: { readonly server: string; readonly uri: string },
  { servers, place, ...within }: ContentsClient,
): Promise<Asked<readonly ResourcePart[]>> {
  const what = `resource "${uri}"`;
  return askInTime(within, (signal) =>
    servers.use<readonly ResourcePart[]>(
      {
        ...{ server, what, signal },
        work: async (connection, until, { maxTokens }) => {
          const hint = `\`/mcp ${server}\` lists what it has`;
          const asked = connection.forward('resources/read', { uri }, askForNobody(until, maxTokens));
          const result = await fromResource(asked, { server, uri, hint });
          if (isInputRequiredResult(result)) throw nobodyToAnswer();
          return partsOf(result.contents.slice(0, maxContents), server, maxTokens);
        },
      },
      place,
    ),
  );
}

type Contents = ReadResourceResult['contents'];

function partsOf(contents: Contents, server: string, maxTokens: number): readonly ResourcePart[] {
  const parts: ResourcePart[] = [];
  const texts: string[] = [];
  for (const content of contents) {
    const { mimeType = 'application/octet-stream' } = content;
    if ('text' in content) texts.push(content.text);
    else if (mimeType.startsWith('image/')) parts.push({ kind: 'image', data: content.blob, mimeType });
    else parts.push({ kind: 'binary', mimeType });
  }
  return [...textsWithin(texts, server, maxTokens), ...parts];
}

/** Where they are cut, the last one ends with a note. */
function textsWithin(texts: readonly string[], server: string, maxTokens: number): readonly ResourcePart[] {
  const content = texts.map((text) => ({ type: 'text' as const, text }));
  const kept = textsOf(outcomeOf({ content }, server, maxTokens));
  const whole = textsOf(outcomeOf({ content }, server, Infinity));
  const isCut = kept.at(-1) !== whole.at(-1);
  const last = kept.splice(isCut ? -2 : kept.length).join('\n');
  return [
    ...kept.map((text) => ({ kind: 'text', text, isWhole: true }) as const),
    ...(isCut ? [{ kind: 'text', text: last, isWhole: false } as const] : []),
  ];
}

function textsOf({ parts }: ToolOutcome): string[] {
  return parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
}
