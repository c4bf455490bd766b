import type { ExchangeRecord } from '../../kernel/exchange-record.ts';
import { asCodexPlusError, CodexPlusError } from '../../kernel/errors.ts';
import type { Client } from '../../kernel/exchange.ts';
import { objectIn, type JsonObject } from '../../kernel/json-object.ts';
import type { RawHeaders } from '../../kernel/headers.ts';
import type { Upstream, UpstreamAnswer } from '../../kernel/upstream.ts';
import type { ByteStream } from '../../kernel/byte-stream.ts';
import { refuseUnanswerable } from '../../protocol/app-server/refuse-unanswerable.ts';
import { reservedNames } from '../../protocol/app-server/reserved-names.ts';
import { refuseOddOptions } from '../../protocol/translation/options/option-rule.ts';
import { askedRequest, type AskedRequest } from '../../protocol/translation/translate-request.ts';
import type { ClientTranslation } from '../../protocol/translation/translation-codec.ts';
import { clientTranslationOf } from '../translated/send-translated.ts';
import { bytesStream } from '../transport/bytes-stream.ts';
import { abortReason } from '../transport/call-errors.ts';
import { PushStream } from '../transport/push-stream.ts';
import { CodexAnswer, type CodexParts } from './codex-answer.ts';

/** Codex itself, in a process of ours, as a provider of every API that can be translated. */
export function createCodexUpstream(options: CodexParts): Upstream {
  return {
    kind: 'codex',
    send: async (exchange) => {
      const { request } = exchange;
      const client = clientTranslationOf(request);
      if (client === undefined)
        throw new CodexPlusError(
          'invalid_path',
          `the model "${request.head.model ?? ''}" is Codex itself, which answers conversations and nothing else`,
        );
      refuseLarge(request.json.length, options);
      const body = objectIn(JSON.parse(request.json.toString()));
      refuseOddOptions(body, client.options);
      client.refuseOdd?.(body);
      const asked = askedRequest(body, client, { reserved: reservedNames, refuse: refuseUnanswerable });
      const { record, signal, client: asker } = exchange;
      const answer = new CodexAnswer(asked, signal, options);
      record.keepAccount(answer);
      whenAborted(signal, () => {
        record.settleAfter(answer.untilEnded());
      });
      const answering = { answer, client, asker, record, signal };
      return asked.request.isStreamed
        ? streamed(asked, answering, options)
        : whole(asked, answering, options);
    },
  };
}

/** Nothing that a model could read is larger, and its worker would hold it several times. */
function refuseLarge(
  bytes: number,
  { config: { maxRequestBytes: maxBytes }, settingName }: CodexParts,
): void {
  if (bytes > maxBytes)
    throw new CodexPlusError(
      'body_too_large',
      `the request has ${bytes} bytes, and Codex takes ${maxBytes} (${settingName('codex.maxRequestBytes')}); shorten the conversation`,
    );
}

interface Answering {
  readonly answer: CodexAnswer;
  readonly client: ClientTranslation;
  readonly asker: Client;
  readonly record: ExchangeRecord;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal;
}

function whenAborted(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener('abort', act, { once: true });
}

/** Resolves once something of the answer is there; what fails before is no stream, but an error with its status. */
async function streamed(
  { request }: AskedRequest,
  { answer, client, asker, record, signal }: Answering,
  { nowSeconds }: CodexParts,
): Promise<UpstreamAnswer> {
  try {
    await answer.begun();
  } catch (error) {
    noteFailed(answer, record, error);
    throw error;
  }
  const writer = client.openWriter(request, nowSeconds(), asker);
  const stream = new PushStream({
    // What Codex says cannot be held back; the answer ends at `limits.maxStreamBytes`.
    ...{ pause: () => undefined, resume: () => undefined },
    cancel: () => {
      answer.cancel();
    },
  });
  const broken = (error: unknown): void => {
    stream.break(error instanceof Error ? error : new Error(String(error)));
    answer.cancel();
  };
  // Whoever reads it waits for nothing more, also where the turn goes on.
  whenAborted(signal, () => {
    broken(abortReason(signal));
  });
  answer.deliver((event) => {
    try {
      for (const { raw } of writer.write(event)) stream.push(raw);
      if (event.kind === 'end' || event.kind === 'failed') stream.finish();
    } catch (error) {
      // The turn of others goes on, and so does their worker.
      broken(error);
    }
  }, broken);
  return answerOf(['content-type', 'text/event-stream; charset=utf-8'], stream);
}

async function whole(
  { request }: AskedRequest,
  { answer, client, record }: Answering,
  { nowSeconds }: CodexParts,
): Promise<UpstreamAnswer> {
  let body: JsonObject;
  try {
    body = client.writeAnswer(await answer.whole(), request, nowSeconds());
  } catch (error) {
    noteFailed(answer, record, error);
    throw error;
  }
  const bytes = Buffer.from(JSON.stringify(body));
  return answerOf(
    ['content-type', 'application/json', 'content-length', String(bytes.length)],
    bytesStream(bytes),
  );
}

/** Of an answer that becomes an error, which was paid for all the same. Where no turn ran, nobody was asked. */
function noteFailed({ hasFailed, usage }: CodexAnswer, record: ExchangeRecord, error: unknown): void {
  const { status } = asCodexPlusError(error);
  if (hasFailed) record.addCall({ purpose: 'answer', ...asked, status, usage });
}

/** Who is asked; the cost stands in the usage. */
const asked = { route: 'codex', provider: 'codex', costUsd: undefined } as const;

function answerOf(headers: RawHeaders, body: ByteStream): UpstreamAnswer {
  return {
    ...{ status: 200, statusMessage: 'OK', headers, body },
    ...asked,
    answeredAt: performance.now(),
  };
}
