import { appendItems } from '../common/append-items.ts';
import { lastMember } from '../../json/json-members.ts';
import { isFreeChoice, listedTools } from '../common/client-tools.ts';
import { toldOnce, toolsWriter } from '../common/write-tools.ts';
import { joinedName, type ToolsCodec } from '../tools-codec.ts';

/** Marks for the prompt cache stay where the client has them: it has a mark behind all tools, or behind its own. */
export const messagesTools: ToolsCodec = {
  read: (json) => ({
    ...listedTools(json, lastMember(json, 'tools')),
    // A `thread` is kept by the provider, and outputs of calls that its client never saw could not be put into it.
    isFree: isFreeChoice(json) && lastMember(json, 'thread') === undefined,
  }),
  withTools: (request, definitions) => appendItems(request, 'tools', written(definitions)),
};

const written = toolsWriter((definitions) =>
  toldOnce(definitions).map(({ description, parameters, ...named }) => ({
    name: joinedName(named),
    description,
    input_schema: parameters,
  })),
);
