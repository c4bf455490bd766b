/** Tools that only plan, wait, ask the user, look for tools, or speak with agents whose own calls are decided one by one. */
const freeTools: ReadonlySet<string> = new Set(
  [
    // Claude Code's.
    'Agent Task TaskCreate TaskGet TaskList TaskOutput TaskStop TaskUpdate TodoRead TodoWrite SendMessage',
    'AskUserQuestion EnterPlanMode BashOutput KillShell ToolSearch StructuredOutput ListMcpResourcesTool',
    // Codex's.
    'update_plan request_user_input request_user_input_async get_goal create_goal update_goal wait sleep tool_search',
    'spawn_agent send_input send_message wait_agent close_agent resume_agent list_agents',
    'list_mcp_resources list_mcp_resource_templates',
  ].flatMap((names) => names.split(' ')),
);

/** Whether a call of a tool is nobody's to allow, where no rule is about it: there is nothing that it could harm. */
export function needsNoPermission(tool: string): boolean {
  return freeTools.has(tool);
}
