import { idleConnectionMs } from '../../platform/network/idle-connection.ts';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { runUnowned } from '../../platform/process/request-owner.ts';
import { abortReason, reasonOf, unreachable } from './call-errors.ts';
import type { ProxyResolver } from './outbound-proxy.ts';
import { PendingAnswer } from './pending-answer.ts';
import type { Transport, UpstreamCall } from './transport.ts';
import { usableProxy } from './usable-proxy.ts';

interface CodexTransportOptions {
  readonly connectMs: number;
  readonly headersMs: number;
  readonly idleMs: number;
  readonly proxyFor: ProxyResolver;
}

/**
 * What OpenSSL offers by default when it is built alone, in its order: the official CLI links it so. Node's own
 * list is longer. The last 27 are TLS 1.2, first those with forward secrecy.
 */
const ciphers = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'DHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'DHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'DHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-SHA384',
  'ECDHE-RSA-AES256-SHA384',
  'DHE-RSA-AES256-SHA256',
  'ECDHE-ECDSA-AES128-SHA256',
  'ECDHE-RSA-AES128-SHA256',
  'DHE-RSA-AES128-SHA256',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
  'DHE-RSA-AES256-SHA',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'DHE-RSA-AES128-SHA',
  'AES256-GCM-SHA384',
  'AES128-GCM-SHA256',
  'AES256-SHA256',
  'AES128-SHA256',
  'AES256-SHA',
  'AES128-SHA',
].join(':');

/**
 * Calls that look like the official CLI's: its TLS hello, HTTP/1.1 without ALPN, no header but the given ones, `host` and
 * `content-length`.
 */
export function createCodexTransport(options: CodexTransportOptions): Transport {
  const agents = new Map<string, http.Agent>();
  const running = new Set<PendingAnswer>();
  let isClosed = false;

  const agentFor = (url: URL, proxy: string | undefined): http.Agent => {
    const key = `${url.protocol} ${proxy ?? ''}`;
    let agent = agents.get(key);
    if (agent === undefined) {
      agent = createAgent(url, proxy, options.connectMs);
      agents.set(key, agent);
    }
    return agent;
  };

  return {
    call: async (call) => {
      if (isClosed) throw unreachable(call.url, 'this transport is closed');
      if (call.signal.aborted) throw abortReason(call.signal);
      const proxy = options.proxyFor(call.url);
      const agent = agentFor(call.url, proxy);
      // A connection that is made now serves other requests later.
      const answer = runUnowned(() => send(call, agent, proxy !== undefined, options));
      running.add(answer);
      void answer.over.then(() => running.delete(answer));
      return answer.head;
    },
    close: async () => {
      isClosed = true;
      for (const { freeSockets } of agents.values()) {
        for (const socket of Object.values(freeSockets).flat()) socket?.destroy();
      }
      await Promise.all([...running].map(({ over }) => over));
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

/** Why this Node cannot be the official CLI's double; `undefined` when it can. */
export function codexProfileFault(nodeVersion: string): string | undefined {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  // OpenSSL 3.5, whose hello is the CLI's, and proxies for `https.Agent`: both came with 24.5.
  if (major > 24 || (major === 24 && minor >= 5)) return undefined;
  return `the TLS hello of Node ${nodeVersion} is not the one of the Codex CLI, and it is from 24.5 on`;
}

function createAgent(url: URL, proxy: string | undefined, connectMs: number): http.Agent {
  // For what goes through this proxy only, so it is told of no exceptions.
  const proxyUrl = proxy === undefined ? undefined : usableProxy(url, proxy, ['http:', 'https:']);
  const settings: https.AgentOptions = {
    keepAlive: true,
    // The limit for idle connections is also the one for building a tunnel.
    timeout: proxy === undefined ? idleConnectionMs : Math.max(idleConnectionMs, connectMs),
    ...(proxyUrl === undefined ? {} : { proxyEnv: { http_proxy: proxyUrl, https_proxy: proxyUrl } }),
  };
  if (url.protocol === 'http:') return new http.Agent(settings);
  // A resumed session would add an extension to the hello.
  return new https.Agent({ ...settings, ciphers, maxCachedSessions: 0 });
}

function send(
  call: UpstreamCall,
  agent: http.Agent,
  isProxied: boolean,
  options: CodexTransportOptions,
): PendingAnswer {
  const { method, url, headers, body } = call;
  const request = (url.protocol === 'http:' ? http : https).request(url, {
    method,
    agent,
    // Only then does Node leave `connection` out, as the CLI does.
    setDefaultHeaders: false,
    headers: [...headers, 'host', url.host, ...(hasBody(call) ? ['content-length', `${body.length}`] : [])],
  });
  let response: http.IncomingMessage | undefined;
  const answer = new PendingAnswer(call, options, {
    pause: () => response?.pause(),
    resume: () => response?.resume(),
    end: () => request.destroy(),
  });
  const connectTimer = setTimeout(() => {
    request.destroy(new Error(`there was no connection within ${options.connectMs} ms`));
  }, options.connectMs);
  void answer.over.then(() => {
    clearTimeout(connectTimer);
  });
  request.on('socket', (socket) => {
    // A tunnel is handed on when its handshake is done.
    const isConnected = request.reusedSocket || (isProxied && socket instanceof TLSSocket);
    whenConnected(socket, isConnected, () => {
      clearTimeout(connectTimer);
      answer.sent();
    });
  });
  request.on('error', (error) => {
    answer.fail(reasonOf(error), error);
  });
  // Without this listener Node closes the connection and tells nobody.
  request.on('upgrade', (_response, socket) => {
    socket.destroy();
    answer.fail('it switched to another protocol');
  });
  request.on('response', (incoming) => {
    response = incoming;
    answer.begin(incoming.statusCode ?? 0, incoming.statusMessage ?? '', incoming.rawHeaders);
    incoming.on('data', (chunk: Buffer) => {
      answer.data(chunk);
    });
    incoming.on('end', () => {
      answer.end();
    });
    incoming.on('error', (error) => {
      answer.fail(reasonOf(error), error);
    });
  });
  request.end(body);
  return answer;
}

function hasBody({ method, body }: UpstreamCall): boolean {
  return body.length > 0 || method === 'POST' || method === 'PUT' || method === 'PATCH';
}

function whenConnected(socket: Socket, isConnected: boolean, connected: () => void): void {
  if (isConnected) connected();
  else if (socket instanceof TLSSocket) socket.once('secureConnect', connected);
  else if (socket.connecting) socket.once('connect', connected);
  else connected();
}
