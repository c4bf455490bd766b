import { isJsonObject, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';

const topMembers = [
  ...['contents', 'tools', 'toolConfig', 'safetySettings', 'systemInstruction', 'generationConfig'],
  ...['cachedContent', 'labels', 'model', 'serviceTier', 'store'],
];
const partMembers = [
  ...['text', 'thought', 'thoughtSignature', 'inlineData', 'functionCall', 'functionResponse', 'fileData'],
  ...['mediaResolution', 'videoMetadata'],
];
const schemaMembers = [
  ...['type', 'format', 'title', 'description', 'nullable', 'enum', 'maxItems', 'minItems', 'properties'],
  ...['required', 'minProperties', 'maxProperties', 'minLength', 'maxLength', 'pattern', 'example', 'anyOf'],
  ...['propertyOrdering', 'default', 'items', 'minimum', 'maximum'],
];
const pictureTypes = ['image/png', 'image/jpeg', 'image/webp', 'image/heic', 'image/heif', 'application/pdf'];

/**
 * What Google's API refuses of a request. Sources: its reference of `generateContent` and `Schema`, "Thought
 * signatures" of its documentation, and its error messages as issues quote them: unknown names, the number and order
 * of responses, the last role, types of pictures, names of functions, members of schemas. Its names are protocol
 * buffers', so that `inline_data` is `inlineData`.
 */
export function faultsOfGemini(sent: JsonObject): readonly string[] {
  const body = camelMembers(sent);
  const contents = objectsIn(body['contents']);
  return [
    ...unknownNames(body, topMembers, ''),
    ...contents.flatMap((content, at) => faultsOfContent(content, `contents[${at}]`)),
    ...faultsOfTurns(contents),
    ...objectsIn(body['tools']).flatMap((tool, at) => faultsOfTool(tool, `tools[${at}]`)),
  ];
}

export function partsOf(content: JsonObject | undefined): readonly JsonObject[] {
  return objectsIn(content?.['parts']).map(camelMembers);
}

/** The members of one level by the names that they have in JSON. */
export function camelMembers(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

export function callsOf(content: JsonObject | undefined): readonly JsonObject[] {
  return partsOf(content).filter((part) => part['functionCall'] !== undefined);
}

function responsesOf(content: JsonObject | undefined): readonly JsonObject[] {
  return partsOf(content).filter((part) => part['functionResponse'] !== undefined);
}

function unknownNames(object: JsonObject, known: readonly string[], at: string): readonly string[] {
  return Object.keys(object)
    .filter((key) => !known.includes(key))
    .map((key) => `Invalid JSON payload received. Unknown name "${key}" at '${at}': Cannot find field.`);
}

function faultsOfContent(content: JsonObject, at: string): readonly string[] {
  const parts = partsOf(content);
  return [
    ...unknownNames(content, ['role', 'parts'], at),
    ...(parts.length === 0
      ? [`* GenerateContentRequest.${at}.parts: contents.parts must not be empty.`]
      : []),
    ...parts.flatMap((part, index) => faultsOfPart(part, `${at}.parts[${index}]`)),
  ];
}

function faultsOfPart(part: JsonObject, at: string): readonly string[] {
  const { inlineData } = part;
  const faults = [...unknownNames(part, partMembers, at)];
  if (isJsonObject(inlineData)) {
    const type = String(camelMembers(inlineData)['mimeType']);
    if (!pictureTypes.includes(type)) faults.push(`Unsupported MIME type: ${type}`);
  }
  return faults;
}

function faultsOfTurns(contents: readonly JsonObject[]): readonly string[] {
  const faults: string[] = [];
  if (contents.at(-1)?.['role'] === 'model')
    faults.push('Please ensure that single turn requests end with a user role or the role field is empty.');
  contents.forEach((content, index) => {
    const calls = callsOf(content);
    const answers = responsesOf(contents[index + 1]);
    if (calls.length > 0 && (index === 0 || contents[index - 1]?.['role'] === 'model'))
      faults.push('Please ensure that function call turn comes immediately after a user turn.');
    if (calls.length > 0 && calls.length !== answers.length)
      faults.push(
        'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
      );
    if (responsesOf(content).length > 0 && callsOf(contents[index - 1]).length === 0)
      faults.push('Please ensure that function response turn comes immediately after a function call turn.');
    if (
      namesIn(calls, 'functionCall') !== namesIn(answers, 'functionResponse') &&
      calls.length === answers.length
    )
      faults.push(`the responses at ${index + 1} have other names than the calls`);
  });
  return faults;
}

function namesIn(parts: readonly JsonObject[], member: string): string {
  return parts.map((part) => (isJsonObject(part[member]) ? String(part[member]['name']) : '')).join(' ');
}

function faultsOfTool(sent: JsonObject, at: string): readonly string[] {
  const tool = camelMembers(sent);
  const declared = objectsIn(tool['functionDeclarations']).map(camelMembers);
  return [
    ...unknownNames(tool, ['functionDeclarations', 'googleSearch', 'codeExecution', 'urlContext'], at),
    ...(tool['googleSearch'] === undefined ? [] : [`${at}: a search that nobody asked for`]),
    ...declared.flatMap((declaration, index) => {
      const place = `${at}.function_declarations[${index}]`;
      const { name, parameters } = declaration;
      return [
        ...(/^[A-Za-z_][\w.:-]{0,63}$/.test(String(name)) ? [] : [`${place}.name: Invalid function name.`]),
        ...unknownNames(
          declaration,
          ['name', 'description', 'parameters', 'parametersJsonSchema', 'response', 'behavior'],
          place,
        ),
        ...faultsOfSchema(parameters, `${place}.parameters`),
      ];
    }),
  ];
}

function faultsOfSchema(schema: unknown, at: string): readonly string[] {
  if (!isJsonObject(schema)) return [];
  const { type, items, properties } = schema;
  const inner = isJsonObject(properties) ? Object.entries(properties) : [];
  return [
    ...unknownNames(camelMembers(schema), schemaMembers, at),
    ...(Array.isArray(type) ? [`${at}.type: Proto field is not repeating, cannot start list.`] : []),
    ...(String(type).toLowerCase() === 'array' && items === undefined ? [`${at}.items: missing field.`] : []),
    ...objectsIn(schema['required']).map(() => `${at}.required: not a text`),
    ...inner.flatMap(([name, value]) => faultsOfSchema(value, `${at}.properties[${name}]`)),
    ...faultsOfSchema(items, `${at}.items`),
    ...objectsIn(schema['anyOf']).flatMap((one) => faultsOfSchema(one, `${at}.any_of`)),
  ];
}
