import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';

// A process of its own: what most people would write first, with the keep-alive agent that the library does not bring.

const upstreamPort = Number(process.argv[2]);
const agent = new http.Agent({ keepAlive: true, maxFreeSockets: 1024 });

const app = express();
app.use(createProxyMiddleware({ target: `http://127.0.0.1:${upstreamPort}`, changeOrigin: true, agent }));
const server = http.createServer({ keepAliveTimeout: 75_000 }, app);
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port }));
});
