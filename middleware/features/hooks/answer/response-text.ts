import { isJsonObject } from '../../../kernel/json-object.ts';

/**
 * The text that the model gets of a tool's result, which a hook gives in the tool's own shape (see
 * `tool-responses`); `undefined` for a value of any other shape, as Claude Code does not take it either.
 */
export function responseText(tool: string, response: unknown): string | undefined {
  if (tool.startsWith('mcp__')) return typeof response === 'string' ? response : textOfBlocks(response);
  if (!isJsonObject(response)) return undefined;
  if (tool === 'Bash') return textOfCommand(response['stdout'], response['stderr'], response['interrupted']);
  const { file, output } = response;
  if (tool === 'Read' && isJsonObject(file)) return textOf(file['content']);
  // The shape in which we tell the results of all other tools.
  return textOf(output);
}

function textOfCommand(stdout: unknown, stderr: unknown, interrupted: unknown): string | undefined {
  if (typeof stdout !== 'string' || typeof stderr !== 'string' || typeof interrupted !== 'boolean') {
    return undefined;
  }
  const needsBreak = stdout !== '' && stderr !== '' && !stdout.endsWith('\n');
  return `${stdout}${needsBreak ? '\n' : ''}${stderr}`;
}

/** An MCP result may hold other things than text; a tool's output in a conversation is one text. */
function textOfBlocks(response: unknown): string | undefined {
  if (!Array.isArray(response)) return undefined;
  const texts = (response as unknown[]).map((block) =>
    isJsonObject(block) && block['type'] === 'text' ? textOf(block['text']) : undefined,
  );
  return texts.every((text) => text !== undefined) ? texts.join('') : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
