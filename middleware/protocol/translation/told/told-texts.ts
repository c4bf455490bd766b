import type { TextContent, ToolName } from '../model-request.ts';

/** What a provider's API has no place for, in words for the model. */

/** Instructions in the midst of a conversation, where only the user and the model speak. */
export function toldInstructions(text: string): string {
  return `<system-reminder>\n${text}\n</system-reminder>`;
}

/** Before pictures and files of instructions, where they stand with what the user says. */
export const instructionsShow = toldInstructions('The following belongs to the instructions.');

/** `summary` is `undefined` where another provider wrote it in a form of its own. */
export function toldSummary(summary: string | undefined): string {
  return summary === undefined
    ? 'The conversation before this was summed up by another provider in a form that cannot be read here. If what was said there matters, ask the user.'
    : `The conversation before this was summed up as follows:\n\n${summary}`;
}

export function leftOutImage(why: string): string {
  return `[an image was left out: ${why}]`;
}

/** What a message holds that no other provider has a place for: the model hears that there was something. */
export function leftOutPart(type: unknown): string {
  return `[left out: the model takes no ${nameOf(type)}]`;
}

/** The same as a part of the message. */
export function leftOutContent(type: unknown): TextContent {
  return { kind: 'text', text: leftOutPart(type), leftOut: nameOf(type) };
}

function nameOf(type: unknown): string {
  return typeof type === 'string' && type !== '' ? type : 'part without a type';
}

/** A piece of a conversation that no other provider has a place for. `json`: what it says. */
export function toldPiece(type: string, json: string): string {
  return json === '{}'
    ? leftOutPart(type)
    : `[from the conversation, in a form that the model does not take: ${type}]\n${json}`;
}

/** Of a call that its provider ran: the model is told that there is nothing to wait for. */
export const resultNotShown = '[the provider ran this call and shows nothing of what came of it]';

export const compactionPrompt = `The conversation is about to be replaced by a summary, with which another model goes on. Write that summary now, as text, and call no tools.
Say: what the user wants, in their own words where they matter; what was done, with the paths of files, the commands and what they showed; what was decided and why; what is left to do, in order; and whatever else is needed to go on without the conversation.`;

/** What a search found, for a model whose provider has no such thing: the tools are offered from then on. */
export function foundToolsText(tools: readonly ToolName[]): string {
  if (tools.length === 0) return 'No tools were found.';
  const lines = tools.map(
    ({ namespace, name }) => `- ${namespace === undefined ? '' : `${namespace}: `}${name}`,
  );
  return ['These tools were found and can be called now:', ...lines].join('\n');
}
