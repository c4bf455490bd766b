import { describe, expect, test } from '@jest/globals';
import { CodexPlusError, errorCatalogue, type ErrorCode } from '../../../middleware/kernel/errors.ts';
import type { Api } from '../../../middleware/kernel/exchange.ts';
import { codecOf } from '../../../middleware/protocol/apis/codec-of.ts';

const apis: readonly Api[] = ['responses', 'chat', 'completions', 'messages'];
const codes = Object.keys(errorCatalogue) as ErrorCode[];
const faultsOfTheServer = ['server_error', 'api_error', 'overloaded_error', 'timeout_error'];

describe.each(apis)('the type of an error of the %s API', (api) => {
  const typeOf = (code: ErrorCode): unknown => {
    const { error } = codecOf(api).local.error(new CodexPlusError(code, 'x')) as { error: { type: string } };
    return error.type;
  };

  test.each(codes)('%s is told as a fault of the server only where its status says so', (code) => {
    // Of a 408 nobody can say whose fault it was.
    const isTheServers = errorCatalogue[code].status >= 500;
    if (code !== 'request_timeout')
      expect(faultsOfTheServer.includes(String(typeOf(code)))).toBe(isTheServers);
    expect(typeOf(code)).toEqual(expect.any(String));
  });
});
