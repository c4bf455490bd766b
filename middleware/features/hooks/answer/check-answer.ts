import { isJsonObject, jsonTypeOf, type JsonObject } from '../../../kernel/json-object.ts';
import { isHookEvent, rulesOf, type HookEvent } from '../hook-event.ts';

/** A hook's JSON answer after the check: every field is there with its type, or absent. Other fields are dropped. */
export interface HookAnswer {
  readonly continue?: boolean;
  readonly stopReason?: string;
  readonly suppressOutput?: boolean;
  readonly systemMessage?: string;
  readonly decision?: 'approve' | 'block';
  readonly reason?: string;
  readonly hookSpecificOutput?: SpecificAnswer;
}

/** The fields of `hookSpecificOutput`, each of which some event has. */
export interface SpecificAnswer {
  readonly additionalContext?: string;
  readonly permissionDecision?: 'allow' | 'deny' | 'ask' | 'defer';
  readonly permissionDecisionReason?: string;
  readonly updatedInput?: JsonObject;
  readonly decision?: PermissionAnswer;
  readonly updatedToolOutput?: unknown;
  readonly updatedMCPToolOutput?: unknown;
  readonly suppressOriginalPrompt?: boolean;
  readonly sessionTitle?: string;
  readonly initialUserMessage?: string;
  readonly watchPaths?: readonly string[];
  readonly action?: 'accept' | 'decline' | 'cancel';
  readonly content?: JsonObject;
}

/** What a hook answers to a question that the user would be asked. */
export interface PermissionAnswer {
  readonly behavior: 'allow' | 'deny';
  readonly updatedInput?: JsonObject;
  readonly updatedPermissions?: readonly unknown[];
  readonly message?: string;
  readonly interrupt?: boolean;
}

export type CheckedAnswer =
  | { readonly kind: 'answer'; readonly answer: HookAnswer }
  | { readonly kind: 'void'; readonly fault: string };

/**
 * Checks the types of a hook's answer. One wrong type makes the whole answer void, null too, and so does an event name
 * that is missing or another event's; fields that nobody knows are passed over.
 */
export function checkAnswer(event: HookEvent, value: JsonObject): CheckedAnswer {
  const fault = faultOf(value, answerTypes, '') ?? specificFault(event, value['hookSpecificOutput']);
  if (fault !== undefined) return { kind: 'void', fault };
  const specific = value['hookSpecificOutput'];
  const answer: HookAnswer = {
    ...pick(value, answerTypes),
    ...(isJsonObject(specific) && {
      hookSpecificOutput: pick(specific, specificTypes[event] ?? contextTypes),
    }),
  };
  return { kind: 'answer', answer };
}

type FieldType = 'boolean' | 'string' | 'object' | 'array' | 'strings' | 'any' | readonly string[];
type FieldTypes = Readonly<Record<string, FieldType>>;

const answerTypes: FieldTypes = {
  continue: 'boolean',
  suppressOutput: 'boolean',
  stopReason: 'string',
  decision: ['approve', 'block'],
  reason: 'string',
  systemMessage: 'string',
};

const contextTypes: FieldTypes = { additionalContext: 'string' };

const elicitationTypes: FieldTypes = { action: ['accept', 'decline', 'cancel'], content: 'object' };

/** Where an event has more than a context to answer with. */
const specificTypes: Partial<Record<HookEvent, FieldTypes>> = {
  PreToolUse: {
    ...contextTypes,
    permissionDecision: ['allow', 'deny', 'ask', 'defer'],
    permissionDecisionReason: 'string',
    updatedInput: 'object',
  },
  PermissionRequest: { decision: 'object' },
  PostToolUse: { ...contextTypes, updatedToolOutput: 'any', updatedMCPToolOutput: 'any' },
  UserPromptSubmit: { ...contextTypes, suppressOriginalPrompt: 'boolean', sessionTitle: 'string' },
  SessionStart: { ...contextTypes, initialUserMessage: 'string', watchPaths: 'strings' },
  CwdChanged: { ...contextTypes, watchPaths: 'strings' },
  FileChanged: { ...contextTypes, watchPaths: 'strings' },
  Elicitation: elicitationTypes,
  ElicitationResult: elicitationTypes,
};

const permissionTypes: FieldTypes = {
  behavior: ['allow', 'deny'],
  updatedInput: 'object',
  updatedPermissions: 'array',
  message: 'string',
  interrupt: 'boolean',
};

const specificPath = 'hookSpecificOutput';

function specificFault(event: HookEvent, specific: unknown): string | undefined {
  if (specific === undefined) return undefined;
  if (!isJsonObject(specific)) return `${specificPath}: expected object, received ${jsonTypeOf(specific)}`;
  const name = specific['hookEventName'];
  if (name === undefined) return `${specificPath} is missing required field "hookEventName"`;
  if (typeof name !== 'string' || !isHookEvent(name) || !rulesOf(name).answers) {
    return `${specificPath}.hookEventName: ${JSON.stringify(name)} is not an event that takes an answer`;
  }
  if (name !== event) return `hook returned incorrect event name: expected '${event}' but got '${name}'`;
  const fault = faultOf(specific, specificTypes[event] ?? contextTypes, `${specificPath}.`);
  return fault ?? (event === 'PermissionRequest' ? permissionFault(specific['decision']) : undefined);
}

function permissionFault(decision: unknown): string | undefined {
  const path = `${specificPath}.decision`;
  if (!isJsonObject(decision)) return `${path}: expected object, received ${jsonTypeOf(decision)}`;
  if (decision['behavior'] === undefined) return `${path} is missing required field "behavior"`;
  return faultOf(decision, permissionTypes, `${path}.`);
}

/** The first field whose value has another type than it should. */
function faultOf(value: JsonObject, types: FieldTypes, path: string): string | undefined {
  for (const [name, type] of Object.entries(types)) {
    const field = value[name];
    if (field === undefined || hasType(field, type)) continue;
    if (typeof type === 'object') {
      return `${path}${name}: expected one of ${type.join(', ')}, received ${JSON.stringify(field)}`;
    }
    const wanted = type === 'strings' ? 'array of strings' : type;
    return `${path}${name}: expected ${wanted}, received ${jsonTypeOf(field)}`;
  }
  return undefined;
}

function hasType(value: unknown, type: FieldType): boolean {
  if (typeof type === 'object') return typeof value === 'string' && type.includes(value);
  switch (type) {
    case 'any':
      return true;
    case 'strings':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'array':
    case 'object':
    case 'boolean':
    case 'string':
      return jsonTypeOf(value) === type;
  }
}

function pick(value: JsonObject, types: FieldTypes): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => Object.hasOwn(types, name)));
}
