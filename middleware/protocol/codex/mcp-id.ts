/** Under which name `init` writes our `/mcp` into Codex's configuration; Codex refuses hyphens there. */
export const mcpId = 'codexplus';
