import type { CallToolResult } from '@modelcontextprotocol/client';
import { withoutFraming } from '../../protocol/conversation/without-framing.ts';
import { withoutControls } from './definitions/without-controls.ts';

/** What came of a call of a tool, as a model may have it. */
export interface ToolOutcome {
  readonly parts: readonly OutcomePart[];
  readonly isError: boolean;
}

export type OutcomePart =
  | { readonly kind: 'text'; readonly text: string }
  /** As the server sent it, in base64. */
  | { readonly kind: 'image' | 'audio'; readonly data: string; readonly mimeType: string };

/** Claude Code counts so many characters as a token. */
export const charactersPerToken = 4;

/** So much of texts is looked at for each character that may be shown: there may be others between them that are not seen. */
const lookedAt = 4;

/** How many characters of a result are looked at where so many tokens may be shown. */
export function mostLookedAt(maxTokens: number): number {
  return maxTokens * charactersPerToken * lookedAt;
}

/** Takes the beginnings of texts that are looked at, in their order: no more than so many tokens can be made of. */
export function createBeginnings(maxTokens: number): {
  readonly of: (text: string) => string;
  /** Whether of any text there was more. */
  readonly isCut: () => boolean;
} {
  let left = mostLookedAt(maxTokens);
  let isCut = false;
  return {
    of: (text) => {
      const begin = cutAt(text, left);
      left -= begin.length;
      isCut ||= begin.length < text.length;
      return begin;
    },
    isCut: () => isCut,
  };
}

/**
 * The parts of a result in Claude Code's words, without control characters and framing of ours, and with texts of no more
 * than so many tokens.
 */
export function outcomeOf(result: CallToolResult, server: string, maxTokens: number): ToolOutcome {
  const { structuredContent, content, isError = false } = result;
  const beginnings = createBeginnings(maxTokens);
  const others = content.map((block) => partOf(block, server));
  const given =
    structuredContent === undefined
      ? others
      : [whole(JSON.stringify(structuredContent)), ...others.filter(({ kind }) => kind !== 'text')];
  const parts = given.map((part) => (part.kind === 'text' ? textPart(beginnings.of(part.text)) : part));
  return { parts: bounded(parts, maxTokens, beginnings.isCut()), isError };
}

/** The texts of an outcome, for who reads nothing else. */
export function textOf({ parts }: ToolOutcome): string {
  return parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n');
}

type Block = CallToolResult['content'][number];

function partOf(block: Block, server: string): OutcomePart {
  switch (block.type) {
    case 'text':
      return whole(block.text);
    case 'image':
    case 'audio':
      return { kind: block.type, data: block.data, mimeType: block.mimeType };
    case 'resource_link':
      return whole(`[Resource link: ${block.name}] ${block.uri}`);
    case 'resource': {
      const { resource } = block;
      const held = 'text' in resource ? resource.text : `(${resource.blob.length} characters of base64)`;
      return whole(`[Resource from ${server} at ${resource.uri}] ${held}`);
    }
  }
}

function whole(text: string): OutcomePart {
  return { kind: 'text', text };
}

function textPart(text: string): OutcomePart {
  return { kind: 'text', text: withoutFraming(withoutControls(text)) };
}

/** The texts are cut where they are too long together; images and sound stay as they are. */
function bounded(parts: readonly OutcomePart[], maxTokens: number, isCut: boolean): readonly OutcomePart[] {
  const maxLength = maxTokens * charactersPerToken;
  const lengthOf = (part: OutcomePart): number => (part.kind === 'text' ? textSize(part.text) : 0);
  if (!isCut && parts.reduce((sum, part) => sum + lengthOf(part), 0) <= maxLength) return parts;
  let left = maxLength;
  const kept = parts.flatMap((part): readonly OutcomePart[] => {
    if (part.kind !== 'text') return [part];
    const text = cutAt(part.text, left);
    left = Math.max(0, left - textSize(part.text));
    return text === '' ? [] : [{ kind: 'text', text }];
  });
  return [...kept, textPart(truncationNote(maxTokens))];
}

/** How much of the bound a text takes: one token at least, or there could be any number of empty ones. */
export function textSize(text: string): number {
  return Math.max(text.length, charactersPerToken);
}

/** Says that a result was cut, as Claude Code does, and what to do about it. */
export function truncationNote(maxTokens: number): string {
  return `[OUTPUT TRUNCATED - exceeded ${maxTokens} token limit] ${hint}`;
}

/** The same of what was cut for another reason: what there was too much of. */
export function partsNote(tooMuch: string): string {
  return `[OUTPUT TRUNCATED - ${tooMuch}] ${hint}`;
}

const hint =
  'The rest is missing: ask for less at a time where the server has pages or filters, or tell the user that this is incomplete.';

/** The beginning of a text, not cut between the two halves of a character. */
export function cutAt(text: string, length: number): string {
  if (text.length <= length) return text;
  const isHalf = /[\uD800-\uDBFF]/.test(text.charAt(length - 1));
  return text.slice(0, isHalf ? length - 1 : length);
}
