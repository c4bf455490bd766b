import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

// A process of its own: the least that a proxy in Node can do with its own modules, two streams and two pipes. It looks at
// nothing, and so it is what the middleware is measured against.

const upstreamPort = Number(process.argv[2]);
const agent = new http.Agent({ keepAlive: true, maxFreeSockets: 1024 });

const server = http.createServer({ keepAliveTimeout: 75_000 }, (req, res) => {
  const { method, url: path, headers } = req;
  const call = http.request(
    { host: '127.0.0.1', port: upstreamPort, method, path, headers, agent },
    (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(res);
    },
  );
  call.on('error', () => res.destroy());
  res.on('close', () => {
    if (!res.writableFinished) call.destroy();
  });
  req.pipe(call);
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port }));
});
