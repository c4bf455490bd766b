import { wrongMember } from '../../../../kernel/errors.ts';
import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { ModelRequest } from '../../../translation/model-request.ts';
import { numberAt } from '../../common/number-at.ts';
import { isText, textAt } from '../../common/read-event.ts';
import { asksForUsage, readStops } from '../../common/openai-options.ts';

/** A request of the legacy Completions API: its prompt is what a user says. */
export function readCompletionsRequest(body: JsonObject): ModelRequest {
  refuseWhatNobodyElseHas(body);
  return {
    model: textAt(body, 'model'),
    isStreamed: body['stream'] === true,
    entries: [{ kind: 'user', parts: [{ kind: 'text', text: promptOf(body['prompt']) }] }],
    ...{
      tools: [],
      leftOutTools: [],
      toolChoice: undefined,
      parallelCalls: undefined,
      reasoning: undefined,
      format: undefined,
    },
    maxOutputTokens: numberAt(body, 'max_tokens'),
    temperature: numberAt(body, 'temperature'),
    topP: numberAt(body, 'top_p'),
    stops: readStops(body['stop']),
    cacheKey: undefined,
    wantsUsage: asksForUsage(body),
  };
}

function promptOf(prompt: unknown): string {
  const [only, ...more] = Array.isArray(prompt) ? (prompt as unknown[]) : [prompt];
  if (isText(only) && only.trim() !== '' && more.length === 0) return only;
  if (prompt === undefined || prompt === null)
    throw wrongMember('prompt', '`prompt` is missing: send the text that is to be gone on from');
  throw wrongMember(
    'prompt',
    '`prompt` has to be one text, as this model answers no list of prompts and reads no tokens',
  );
}

function refuseWhatNobodyElseHas(body: JsonObject): void {
  for (const name of ['n', 'best_of'])
    if ((numberAt(body, name) ?? 1) > 1)
      throw wrongMember(name, `\`${name}\` has to be 1 or left out: this model gives one answer`);
  const { echo, suffix, logprobs } = body;
  const asked = echo === true ? 'echo' : isText(suffix) && suffix !== '' ? 'suffix' : undefined;
  const unknown = asked ?? (typeof logprobs === 'number' ? 'logprobs' : undefined);
  if (unknown !== undefined)
    throw wrongMember(unknown, `this model has no place for \`${unknown}\`; leave it out`);
}
