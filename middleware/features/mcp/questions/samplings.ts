import { ProtocolError, ProtocolErrorCode, type InputRequest } from '@modelcontextprotocol/client';
import type { JsonObject } from '../../../kernel/json-object.ts';
import type { Log } from '../../../kernel/log.ts';
import { readSampling, type Sampling } from './read-sampling.ts';

/** What a model said to a server. */
interface SampledText {
  readonly text: string;
  readonly model: string;
  /** It was cut off at its limit. */
  readonly isCut: boolean;
}

/** Asks the model of a conversation for a server; rejects where it does not answer. */
export type AskModel = (sampling: Sampling, signal: AbortSignal) => Promise<SampledText>;

interface SamplingsOptions {
  readonly server: string;
  readonly tool: string;
  readonly log: Log;
}

const maxSamplings = 10;
/** A token is seldom longer; not all upstreams take a limit. */
const charactersOfToken = 8;

/** What the server of one call asks the model meanwhile (sampling). */
export class Samplings {
  readonly #options: SamplingsOptions;
  #askModel: AskModel | undefined;
  #count = 0;

  /** `askModel`: `undefined` where the server may not. */
  constructor(options: SamplingsOptions, askModel: AskModel | undefined) {
    this.#options = options;
    this.#askModel = askModel;
  }

  /** The request that waits for the call is another one now, for which the model is asked from here on. */
  goOnWith(askModel: AskModel | undefined): void {
    this.#askModel = askModel;
  }

  /** The answer of the model. Rejects with an error for the server. */
  async answer({ params }: Pick<InputRequest, 'params'>, signal: AbortSignal): Promise<JsonObject> {
    const askModel = this.#askModel;
    if (askModel === undefined)
      throw this.#refused('this server may not ask the model (`mcp.sampling` in codex_plus.json)');
    this.#count += 1;
    if (this.#count > maxSamplings)
      throw this.#refused(`a server may ask the model ${maxSamplings} times in a call`);
    const reading = readSampling(params);
    if (reading.kind === 'refused') throw this.#refused(`the model was not asked: ${reading.fault}`);
    const { sampling } = reading;
    const said = await this.#said(askModel, sampling, signal);
    if (said.text === '')
      throw this.#refused(
        `the model said nothing within ${sampling.maxTokens} tokens, of which it may think first`,
      );
    const text = said.text.slice(0, sampling.maxTokens * charactersOfToken);
    const isCut = said.isCut || text.length < said.text.length;
    return {
      role: 'assistant',
      content: { type: 'text', text },
      model: said.model,
      stopReason: isCut ? 'maxTokens' : 'endTurn',
    };
  }

  async #said(askModel: AskModel, sampling: Sampling, signal: AbortSignal): Promise<SampledText> {
    const { server, tool, log } = this.#options;
    try {
      const said = await askModel(sampling, signal);
      log.info('an MCP server asked the model', { server, tool });
      return said;
    } catch (error) {
      signal.throwIfAborted();
      // What the upstream says of it may be for the user alone.
      throw this.#refused('the model gave no answer', error);
    }
  }

  #refused(reason: string, error?: unknown): ProtocolError {
    const { server, tool, log } = this.#options;
    log.warn('an MCP server got no answer of the model', { server, tool, reason, error });
    return new ProtocolError(ProtocolErrorCode.InvalidRequest, reason);
  }
}
