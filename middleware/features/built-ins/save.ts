import { splitArguments } from '../commands/expand/split-arguments.ts';
import { Conversation } from '../../protocol/conversation/conversation.ts';
import { transcriptOf } from '../../protocol/conversation/transcript.ts';
import { withoutTyped } from '../mcp/edit/without-typed.ts';
import { withoutQuestions } from '../mcp/questions/without-questions.ts';
import { newestUserPrompt } from '../../protocol/conversation/user-prompt.ts';
import { amountText } from './amount-text.ts';
import type { BuiltInContext } from './built-in-context.ts';
import { codeSpan } from './code-markdown.ts';
import { noProject } from './no-project.ts';
import { transcriptMarkdown } from './transcript-markdown.ts';
import { usageLine } from './usage-line.ts';

/** `/save [file]`: writes the conversation into a new file of the workspace, secrets left out. */
export async function save(args: string, context: BuiltInContext): Promise<string> {
  const [name = usualName(context), ...others] = splitArguments(args);
  if (others.length > 0) return usageLine('save', context);
  const { snapshot, exchange, session, now, createFileWithin } = context;
  if (exchange.caller.kind !== 'local') return 'Only whoever runs this may have files written.\n';
  if (snapshot === undefined) return noProject(exchange);
  const entries = await entriesOf(context);
  if (entries.length === 0) return 'Nothing was said yet, so nothing was saved.\n';
  const text = transcriptMarkdown(entries, {
    at: now(),
    session,
    workspace: snapshot.workspace,
    model: exchange.request.head.model,
  });
  const created = await createFileWithin(snapshot.workspace, name, text);
  if (created.kind === 'refused') return `Nothing was saved: ${codeSpan(name)} ${created.reason}.\n`;
  const messages = entries.filter(({ kind }) => kind === 'message').length;
  const calls = entries.filter(({ kind }) => kind === 'call').length;
  return `Saved to ${codeSpan(created.file, maxPath)}: ${amountText(messages, 'message')} and ${amountText(calls, 'tool call')}, secrets left out.\n`;
}

/** Longer than any path may be: a path that is cut off is of no use. */
const maxPath = 4_096;

/** All that came before the call of this command, but what was for a server alone, or for us. */
async function entriesOf({
  exchange: { request },
  askedQuestions,
}: BuiltInContext): Promise<ReturnType<typeof transcriptOf>> {
  const { api } = request;
  const conversation = Conversation.of(request);
  if (conversation === undefined) return [];
  const shown = withoutTyped(withoutQuestions(conversation, api, await askedQuestions.known()), api, false);
  return transcriptOf(shown, api, newestUserPrompt(shown, api)?.index);
}

function usualName({ session, now }: BuiltInContext): string {
  const at = now().toISOString().slice(0, 19).replaceAll(':', '-');
  return `codex-plus-${session.replaceAll(/[^\w-]+/g, '-').slice(0, 40)}-${at}.md`;
}
