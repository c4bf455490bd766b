import { maxPictures, pictureOf } from '../../mcp/contents/picture-of.ts';
import { readResource, type ResourcePart } from '../../mcp/contents/read-resource.ts';
import { isServerKept } from '../../mcp/contents/server-kept.ts';
import type { McpServers } from '../../mcp/mcp-servers.ts';
import { visibleLine } from '../../../kernel/visible-text.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import { reminder, type Attachment } from '../expand/attachment.ts';
import { withoutMarks } from '../expand/file-references.ts';

export interface AttachResourcesOptions {
  readonly servers: Pick<McpServers, 'use' | 'usable'>;
  /** For a start of a server and its answer, in milliseconds. */
  readonly maxMs: number;
  /** Of all that is read together, in characters. */
  readonly maxLength: number;
}

export interface ResourceReader {
  readonly project: ProjectSnapshot;
  readonly conversation: string;
  readonly signal: AbortSignal;
}

/** A resource that a text names. */
interface Mention {
  readonly server: string;
  readonly uri: string;
  /** As it is written, for messages. */
  readonly shown: string;
}

const maxMentions = 20;
const maxShown = 300;

/**
 * Reads the resources that a text names as `@server:uri`, ready to go before the prompt. What could not be read is told to
 * the model. Only servers count that may be used without asking anybody; all else after an `@` stays what it is.
 */
export function createResourceAttacher(
  options: AttachResourcesOptions,
): (text: string, on: ResourceReader) => Promise<readonly Attachment[]> {
  const { servers, maxMs, maxLength } = options;
  return async (text, { project, conversation, signal }) => {
    if (!text.includes('@') || project.mcpServers.size === 0) return [];
    const place = { project, conversation };
    const written = findMentions(text, [...project.mcpServers.keys()]);
    if (written.length === 0) return [];
    const usable = new Set(await servers.usable(place));
    const mentions = written.filter(({ server }) => usable.has(server) && !isServerKept(server, project));
    const read = await Promise.all(
      mentions.map(async (mention) => {
        const got = await readResource(mention, { servers, place, signal, maxMs });
        return got.kind === 'got' ? attachmentsOf(got.value, mention) : [notRead(mention, got.reason)];
      }),
    );
    return bounded(mentions, read, maxLength);
  };
}

/** The `@server:uri` at the start of a text or after white space, each once. */
function findMentions(text: string, servers: readonly string[]): readonly Mention[] {
  const mentions = new Map<string, Mention>();
  // A name may be the beginning of another one.
  const byLength = servers.toSorted((one, other) => other.length - one.length);
  for (const [, plain = ''] of text.matchAll(/(?<=^|\s)@([^\s"]\S*)/g)) {
    const written = withoutMarks(plain);
    const server = byLength.find((name) => written.startsWith(`${name}:`));
    const uri = server === undefined ? '' : written.slice(server.length + 1);
    if (server === undefined || uri === '' || mentions.size >= maxMentions) continue;
    mentions.set(written, { server, uri, shown: visibleLine(`@${written}`, maxShown) });
  }
  return [...mentions.values()];
}

/** In Claude Code's words. */
function attachmentsOf(parts: readonly ResourcePart[], { shown }: Mention): readonly Attachment[] {
  if (parts.length === 0) return [reminder(`The resource ${shown} has no content.`)];
  let pictures = 0;
  return parts.map((part) => {
    if (part.kind === 'text') {
      if (!part.isWhole) return reminder(`Contents of resource ${shown}, which is longer:\n${part.text}`);
      return reminder(
        `Full contents of resource:\n${part.text}\nDo NOT read this resource again unless you think it may have changed, since you already have the full contents.`,
      );
    }
    const picture = part.kind === 'binary' || pictures >= maxPictures ? undefined : pictureOf(part);
    if (picture === undefined)
      return reminder(`[Binary content of resource ${shown}: ${visibleLine(part.mimeType, maxShown)}]`);
    pictures += 1;
    return picture;
  });
}

function notRead({ shown }: Mention, reason: string): Attachment {
  return reminder(`The resource ${shown} could not be read: ${reason}`);
}

/** What there is no room for in a request is told instead. */
function bounded(
  mentions: readonly Mention[],
  read: readonly (readonly Attachment[])[],
  maxLength: number,
): readonly Attachment[] {
  let left = maxLength;
  return mentions.flatMap((mention, index) => {
    const attachments = read[index] ?? [];
    const length = attachments.reduce(
      (sum, part) => sum + (part.kind === 'text' ? part.text.length : part.base64.length),
      0,
    );
    if (length > left) return [notRead(mention, 'it is too large for a request')];
    left -= length;
    return attachments;
  });
}
