import type { ApiRequest } from '../../../../kernel/exchange.ts';
import { mapElements } from '../../../json/map-elements.ts';
import { withoutLoopBudget, withoutThoughtsIn } from './turns/running-loop.ts';

/** A client that wants to hear of it where its conversation was changed. */
const asksForErrors = /"prefix_mismatch_behavior"\s*:\s*"error"/;

/**
 * The request without what was thought in its conversation: another model of the session, which has the same API, may have signed
 * it in its own way, and nothing in a client's conversation says so. In the midst of a tool loop it goes without a budget to think
 * with. The same request where nothing was thought.
 */
export function withoutThoughts(request: ApiRequest): ApiRequest {
  if (asksForErrors.test(request.json.toString())) return request;
  const cleared = mapElements(request, 'messages', withoutThoughtsIn);
  return cleared === request ? request : withoutLoopBudget(cleared);
}
