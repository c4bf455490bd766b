/** Every moment at which a hook may run, by the names that settings files use. */
export const hookEvents = [
  'PreToolUse',
  'PostToolUse',
  'PostToolUseFailure',
  'PostToolBatch',
  'Notification',
  'UserPromptSubmit',
  'UserPromptExpansion',
  'SessionStart',
  'SessionEnd',
  'Stop',
  'StopFailure',
  'SubagentStart',
  'SubagentStop',
  'PreCompact',
  'PostCompact',
  'PreModelSwitch',
  'PostModelSwitch',
  'PermissionRequest',
  'PermissionDenied',
  'Setup',
  'TeammateIdle',
  'TaskCreated',
  'TaskCompleted',
  'Elicitation',
  'ElicitationResult',
  'ConfigChange',
  'WorktreeCreate',
  'WorktreeRemove',
  'InstructionsLoaded',
  'CwdChanged',
  'FileChanged',
  'DirectoryAdded',
  'MessageDisplay',
] as const;

export type HookEvent = (typeof hookEvents)[number];

/** Tells the name of an event from any other text. */
export function isHookEvent(name: string): name is HookEvent {
  return (hookEvents as readonly string[]).includes(name);
}

/** What a hook's answer can do at an event; what an event does not have is ignored there. */
export interface EventRules {
  /** What plain text on stdout becomes: context for the model, instructions for the compaction, or nothing. */
  readonly text: 'context' | 'instructions' | 'nothing';
  /** Whether exit code 2 and `decision: "block"` stop what was about to happen. */
  readonly blocks: boolean;
  /** Whether `continue: false` ends the turn. */
  readonly stops: boolean;
  /** Whether `hookSpecificOutput` may name the event; elsewhere it makes the answer void. */
  readonly answers: boolean;
}

/** Looks up what an answer can do at an event. */
export function rulesOf(event: HookEvent): EventRules {
  return eventRules[event] ?? watches;
}

const watches: EventRules = { text: 'nothing', blocks: false, stops: false, answers: false };
const informs: EventRules = { ...watches, answers: true };
/** What a server asks is answered or declined; the turn goes on. */
const answers: EventRules = { text: 'nothing', blocks: true, stops: false, answers: true };
const decides: EventRules = { text: 'nothing', blocks: true, stops: true, answers: true };

const eventRules: Partial<Record<HookEvent, EventRules>> = {
  SessionStart: { ...informs, text: 'context' },
  UserPromptSubmit: { ...decides, text: 'context' },
  UserPromptExpansion: { ...decides, text: 'context' },
  PreToolUse: decides,
  PermissionRequest: informs,
  PostToolUse: decides,
  PostToolUseFailure: { ...decides, stops: false },
  PostToolBatch: decides,
  Stop: decides,
  SubagentStop: decides,
  SubagentStart: informs,
  PreCompact: { text: 'instructions', blocks: true, stops: false, answers: false },
  Setup: informs,
  PreModelSwitch: informs,
  PermissionDenied: informs,
  Elicitation: answers,
  ElicitationResult: answers,
  CwdChanged: informs,
  FileChanged: informs,
  WorktreeCreate: informs,
};
