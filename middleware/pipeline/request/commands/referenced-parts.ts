import { attachReferences } from '../../../features/commands/prompt/attach-references.ts';
import type { ResourceReader } from '../../../features/commands/prompt/attach-resources.ts';
import type { PromptPart } from '../../../protocol/apis/prompt-part.ts';

export interface ReferenceReaders {
  /** Whether `@path` is read in every prompt, as Claude Code does, or in commands only. */
  readonly references: 'commands' | 'prompts';
  /** All that a prompt and what goes before it may come to. */
  readonly maxBodyBytes: number;
  /** What goes before a text that names resources of MCP servers as `@server:uri`. */
  readonly attachResources: (text: string, on: ResourceReader) => Promise<readonly PromptPart[]>;
}

/** A prompt with the files and resources that it names before it; `undefined` where it names none. */
export async function referencedParts(
  text: string,
  on: ResourceReader,
  { references, maxBodyBytes, attachResources }: ReferenceReaders,
): Promise<readonly PromptPart[] | undefined> {
  const files = references === 'prompts' ? await attachReferences(text, on.project, maxBodyBytes) : undefined;
  const resources = await attachResources(text, on);
  return resources.length === 0 ? files : [...resources, ...(files ?? [{ kind: 'text', text } as const])];
}
