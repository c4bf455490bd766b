import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Docker's API as far as Traefik asks it: one container with labels, on loopback. */
export interface DockerStandIn {
  /** As Traefik takes it for `providers.docker.endpoint`. */
  readonly endpoint: string;
  readonly close: () => Promise<void>;
}

const id = 'c0de'.repeat(16);
const version = { Version: '29.0.0', ApiVersion: '1.52', MinAPIVersion: '1.44', Os: 'linux', Arch: 'amd64' };
const networks = { bridge: { NetworkID: 'bridge', IPAddress: '127.0.0.1', Gateway: '' } };

export async function startDockerStandIn(
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<DockerStandIn> {
  const listed = { Id: id, Names: [`/${name}`], Labels: labels, State: 'running', Status: 'Up' };
  const inspected = {
    Id: id,
    Name: `/${name}`,
    Config: { Labels: labels },
    State: { Status: 'running', Running: true },
    HostConfig: { NetworkMode: 'bridge' },
    NetworkSettings: { Ports: {}, Networks: networks },
  };
  const server = createServer((req, res) => {
    const path = (req.url ?? '').replace(/^\/v[\d.]+(?=\/)/, '').replace(/\?.*/, '');
    res.setHeader('api-version', version.ApiVersion);
    // Nothing ever happens.
    if (path === '/events') res.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    else if (path === '/_ping') res.end('OK');
    else if (path === '/version') sendJson(res, version);
    else if (path === '/containers/json') sendJson(res, [listed]);
    else if (path === `/containers/${id}/json`) sendJson(res, inspected);
    else res.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"not known"}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function sendJson(res: ServerResponse, value: unknown): void {
  res.setHeader('content-type', 'application/json');
  res.end(JSON.stringify(value));
}
