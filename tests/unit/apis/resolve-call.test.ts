import { describe, expect, test } from '@jest/globals';
import { mayConcernCall } from '../../../middleware/pipeline/answer/resolve-call.ts';
import type { CallHead } from '../../../middleware/protocol/apis/tool-call.ts';

/** Whether a call is held where only uses of one tool are to be decided. */
function isHeld(tool: string, head: Partial<CallHead>): boolean {
  const checks = {
    mayConcern: (name: string) => name === tool,
    check: () => Promise.reject(new Error()),
    resolvePath: (path: string) => path,
  };
  return mayConcernCall(checks, { kind: 'function', name: 'x', namespace: undefined, ...head });
}

describe('a call whose input is not known yet', () => {
  test('is held where it may come to a use that has to be decided [HK-2] [PX-2]', () => {
    expect(isHeld('Bash', { name: 'exec_command' })).toBe(true);
    expect(isHeld('Edit', { name: 'exec_command' })).toBe(true);
    expect(isHeld('exec_command', { name: 'exec_command' })).toBe(true);
    expect(isHeld('mcp__s__x', { namespace: 'mcp__s' })).toBe(true);
    expect(isHeld('Read', { name: 'exec_command' })).toBe(false);
    expect(isHeld('Bash', { name: 'exec_command', namespace: 'mcp__s' })).toBe(false);
  });

  test('is held whatever is to be decided where it is code, which may use any tool [HK-2] [SEC-1]', () => {
    expect(isHeld('anything', { kind: 'custom', name: 'exec' })).toBe(true);
    expect(isHeld('anything', { kind: 'custom', name: 'exec', namespace: 'functions' })).toBe(true);
    expect(isHeld('anything', { kind: 'function', name: 'exec' })).toBe(false);
    expect(isHeld('anything', { kind: 'custom', name: 'exec', namespace: 'mcp__s' })).toBe(false);
  });
});
