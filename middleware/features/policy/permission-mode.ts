/** What happens to a call that no rule decides; the names are Claude Code's. */
export const permissionModes = ['default', 'acceptEdits', 'plan', 'dontAsk', 'bypassPermissions'] as const;

export type PermissionMode = (typeof permissionModes)[number];
