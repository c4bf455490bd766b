/**
 * Tools that Codex has itself or had, also those that are switched off here or are for models of another kind (those of Codex
 * 0.171 and some versions before it): of two tools of one name Codex offers its own, and runs its calls.
 */
const ownTools = [
  ...[
    'exec_command',
    'write_stdin',
    'shell',
    'shell_command',
    'local_shell',
    'unified_exec',
    'container.exec',
  ],
  ...['exec', 'wait', 'js_repl', 'js_repl_reset', 'sleep', 'clock', 'current_time', 'curr_time', 'copy_file'],
  ...['apply_patch', 'view_image', 'update_plan', 'list_dir', 'read_file', 'grep_files', 'test_sync_tool'],
  ...[
    'web_search',
    'web_search_preview',
    'image_generation',
    'imagegen',
    'image_gen',
    'tool_search',
    'tool_suggest',
  ],
  ...['request_user_input', 'request_user_input_async', 'send_message_to_user_async', 'request_permissions'],
  ...[
    'spawn_agent',
    'spawn_agents_on_csv',
    'report_agent_job_result',
    'send_input',
    'send_message',
    'followup_task',
  ],
  ...['resume_agent', 'wait_agent', 'close_agent', 'list_agents', 'interrupt_agent', 'assign_task'],
  ...['list_mcp_resources', 'list_mcp_resource_templates', 'read_mcp_resource', 'wait_for_environment'],
  ...[
    'list_available_plugins_to_install',
    'request_plugin_install',
    'create_goal',
    'update_goal',
    'get_goal',
  ],
  ...['new_context', 'new_context_window', 'get_context_remaining', 'multi_tool_use', 'artifacts'],
];

/** Names that no tool of a client is offered by. Tools of Codex's own MCP servers have the first two: it refuses others of them. */
export const reservedNames = new RegExp(
  `^(?:mcp|mcp__.*|${ownTools.map((name) => name.replace('.', String.raw`\.`)).join('|')})$`,
  's',
);
