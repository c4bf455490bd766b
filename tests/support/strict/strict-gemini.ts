import { isJsonObject, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import type { Item } from '../fake-upstream/step.ts';
import { callsOf, camelMembers, faultsOfGemini, partsOf } from './gemini-rules.ts';
import { asFunctions, type StrictApi } from './strict-api.ts';

/** What LiteLLM and others write where they have no signature; Google documents that it is taken. */
const placeholder = 'skip_thought_signature_validator';
const placeholders = [placeholder, Buffer.from(placeholder).toString('base64')];

/**
 * Google's API as of Gemini 3: the first call of each step of the running turn has to come back with its signature,
 * and any signature with the call that it was given for. Source: "Thought signatures" of its documentation.
 */
export function strictGemini(): StrictApi {
  /** The call that a signature was given with. */
  const signatures = new Map<string, string>();
  const answerParts = (items: readonly Item[]): readonly JsonObject[] => {
    let isFirst = true;
    return asFunctions(items).map((item) => {
      if (item.kind === 'reasoning') return { text: item.text, thought: true };
      if (item.kind === 'text') return { text: item.text };
      if (item.kind === 'custom') throw new Error('Google has no calls with a text');
      const functionCall = { name: item.name, args: item.arguments };
      if (!isFirst) return { functionCall };
      isFirst = false;
      const thoughtSignature = Buffer.from(`signature ${signatures.size} of gemini`).toString('base64');
      signatures.set(thoughtSignature, saidCall(functionCall));
      return { functionCall, thoughtSignature };
    });
  };
  return {
    faultsOf: (body) => [...faultsOfGemini(body), ...faultsOfSignatures(body, signatures)],
    lossesOf: (body) => {
      const present = JSON.stringify(body);
      const calls = objectsIn(camelMembers(body)['contents']).flatMap(callsOf);
      const isCalled = (said: string): boolean =>
        calls.some(({ functionCall }) => saidCall(functionCall) === said);
      return [...signatures]
        .filter(([signature, said]) => !present.includes(signature) && isCalled(said))
        .map(([signature]) => `the signature ${signature} did not come back with its call`);
    },
    refusal: (message) => ({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } }),
    stream: (model, items) => {
      const parts = answerParts(items);
      return parts
        .map((part, index) => chunk(model, [part], index === parts.length - 1))
        .map((data) => `data: ${escaped(JSON.stringify(data))}\r\n\r\n`)
        .join('');
    },
    json: (model, items) => chunk(model, answerParts(items), true),
  };
}

function saidCall(call: unknown): string {
  if (!isJsonObject(call)) return '';
  return JSON.stringify([call['name'], call['args']]);
}

function faultsOfSignatures(body: JsonObject, signatures: ReadonlyMap<string, string>): readonly string[] {
  const contents = objectsIn(camelMembers(body)['contents']);
  const begin = contents.findLastIndex(
    (content) => content['role'] === 'user' && partsOf(content).some(({ text }) => text !== undefined),
  );
  const known = (part: JsonObject): boolean => {
    const signature = String(part['thoughtSignature']);
    return placeholders.includes(signature) || signatures.get(signature) === saidCall(part['functionCall']);
  };
  return contents.flatMap((content, at) => {
    const calls = callsOf(content);
    const [first] = calls;
    const signed = calls.filter((part) => part['thoughtSignature'] !== undefined);
    return [
      ...(at > begin && first !== undefined && first['thoughtSignature'] === undefined
        ? [`Function call is missing a thought_signature in functionCall parts. position ${at}`]
        : []),
      ...signed.filter((part) => !known(part)).map(() => `Corrupted thought signature. position ${at}`),
    ];
  });
}

function chunk(model: string, parts: readonly JsonObject[], isLast: boolean): JsonObject {
  return {
    candidates: [
      { content: { role: 'model', parts }, index: 0, ...(isLast ? { finishReason: 'STOP' } : {}) },
    ],
    usageMetadata: {
      ...{ promptTokenCount: 100, cachedContentTokenCount: 40, candidatesTokenCount: 6 },
      ...{ thoughtsTokenCount: 4, totalTokenCount: 110 },
    },
    modelVersion: model,
    responseId: 'strict',
  };
}

/** As Google's writer of JSON does. */
function escaped(json: string): string {
  return json.replace(
    /[<>&='\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
