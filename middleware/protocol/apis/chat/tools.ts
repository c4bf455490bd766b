import { memberValue } from '../../json/member-value.ts';
import { appendItems } from '../common/append-items.ts';
import { lastMember } from '../../json/json-members.ts';
import { isFreeChoice, listedTools } from '../common/client-tools.ts';
import { toldOnce, toolsWriter } from '../common/write-tools.ts';
import { joinedName, type ToolsCodec } from '../tools-codec.ts';

export const chatTools: ToolsCodec = {
  read: (json) => ({
    ...listedTools(json, lastMember(json, 'tools')),
    isFree: isFreeChoice(json) && lastMember(json, 'functions') === undefined && !hasChoices(json),
  }),
  withTools: (request, definitions) => appendItems(request, 'tools', written(definitions)),
};

const written = toolsWriter((definitions) =>
  toldOnce(definitions).map(({ description, parameters, ...named }) => ({
    type: 'function',
    function: { name: joinedName(named), description, parameters },
  })),
);

/** Of several answers at once none can go on. */
function hasChoices(json: Buffer): boolean {
  const count = memberValue(json, 'n');
  return typeof count === 'number' && count > 1;
}
