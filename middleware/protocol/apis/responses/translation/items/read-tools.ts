import type { JsonObject } from '../../../../../kernel/json-object.ts';
import type { Grammar, Tool } from '../../../../translation/model-request.ts';
import { flagAt, isText, objectAt, objectsIn, textAt } from '../../../common/read-event.ts';

/**
 * The tools of a list that the client runs, those of groups among them. What OpenAI itself would run (web search,
 * image generation, servers of its own) is left out: another provider would run something else, or refuse it.
 */
export function readTools(list: unknown): readonly Tool[] {
  return objectsIn(list).flatMap((tool) =>
    tool['type'] === 'namespace' ? readGroup(tool) : readTool(tool, undefined),
  );
}

/** The types of the others. */
export function leftOutTools(list: unknown): readonly string[] {
  return objectsIn(list).flatMap((tool) => {
    if (tool['type'] === 'namespace') return leftOutTools(tool['tools']);
    return readTool(tool, undefined).length === 0 ? [textAt(tool, 'type')] : [];
  });
}

/** A group has a description of its own, which stands with the first of its tools where there are no groups. */
function readGroup(group: JsonObject): readonly Tool[] {
  const namespace = textAt(group, 'name') || undefined;
  const about = textAt(group, 'description');
  const tools = objectsIn(group['tools']).flatMap((tool) => readTool(tool, namespace));
  return tools.map((tool, index) =>
    index === 0 && about !== '' ? { ...tool, description: `${about}\n\n${tool.description}` } : tool,
  );
}

function readTool(tool: JsonObject, namespace: string | undefined): readonly Tool[] {
  const common = {
    namespace,
    name: textAt(tool, 'name'),
    description: textAt(tool, 'description'),
    isStrict: flagAt(tool, 'strict'),
    grammar: undefined,
  };
  switch (tool['type']) {
    case 'function':
      return [{ ...common, kind: 'function', parameters: objectAt(tool, 'parameters') }];
    case 'custom':
      return [{ ...common, kind: 'custom', parameters: undefined, grammar: readGrammar(tool['format']) }];
    case 'tool_search':
      // One that the provider runs finds nothing elsewhere.
      return tool['execution'] === 'client'
        ? [{ ...common, kind: 'search', name: 'tool_search', parameters: objectAt(tool, 'parameters') }]
        : [];
    case 'local_shell':
      return [{ ...common, ...localShell }];
    default:
      return [];
  }
}

/** OpenAI's own tool, which its API describes to the model. */
const localShell = {
  kind: 'local_shell',
  name: 'local_shell',
  description: "Runs a command in the user's shell and returns what it printed.",
  parameters: {
    type: 'object',
    properties: {
      command: { type: 'array', items: { type: 'string' }, description: 'The program and its arguments.' },
      working_directory: { type: 'string' },
      timeout_ms: { type: 'integer' },
      env: { type: 'object', additionalProperties: { type: 'string' } },
    },
    required: ['command'],
  },
} as const;

function readGrammar(format: unknown): Grammar | undefined {
  const [read] = objectsIn([format]);
  if (read?.['type'] !== 'grammar') return undefined;
  const { syntax, definition } = read;
  return isText(syntax) && isText(definition) ? { syntax, definition } : undefined;
}
