import type { Tool } from '@modelcontextprotocol/client';

/** Whether a tool can be called as a task alone, which we do not do: it is offered to nobody's model. */
export function isTaskOnly({ execution }: Pick<Tool, 'execution'>): boolean {
  return execution?.taskSupport === 'required';
}
