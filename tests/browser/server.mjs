// Serves one folder of pages as the controller's server does: the same headers, events, and forms that act.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// As controller/http sends them.
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; " +
  "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
const types = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml', html: 'text/html; charset=utf-8' };

export async function serve(folder) {
  const paths = new Map();
  for (const line of readFileSync(join(folder, 'paths'), 'utf8').split('\n')) {
    const [address, file] = line.split('\t');
    if (file) paths.set(address, file);
  }
  const streams = new Set();
  const posts = [];
  const statuses = new Map();
  let down = false;
  let refused = false;
  let asked = 0;
  const server = createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url, 'http://localhost');
    const head = { 'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'same-origin', 'Cache-Control': 'no-store' };
    if (down) {
      response.destroy();
    } else if (request.method === 'POST') {
      let body = '';
      for await (const part of request) body += part;
      posts.push({ path: pathname, form: Object.fromEntries(new URLSearchParams(body)) });
      response.writeHead(303, { ...head, Location: pathname.replace(/\/[^/]*$/, '') || '/' }).end();
    } else if (pathname === '/api/v1/events' && refused) {
      asked += 1;
      response.writeHead(429, { ...head, 'Content-Type': 'application/problem+json' }).end('{}');
    } else if (pathname === '/api/v1/events') {
      response.writeHead(200, { ...head, 'Content-Type': 'text/event-stream' });
      response.write('retry: 300\n\n');
      streams.add(response);
      request.on('close', () => streams.delete(response));
    } else if (pathname.startsWith('/api/v1/targets/')) {
      const target = decodeURIComponent(pathname.slice('/api/v1/targets/'.length));
      response.writeHead(200, { ...head, 'Content-Type': 'application/json' }).end(JSON.stringify({ target, ...statuses.get(target) }));
    } else {
      const file = paths.get(pathname + search) ?? paths.get(pathname);
      if (!file) return response.writeHead(404, { ...head, 'Content-Type': 'text/plain' }).end('not found\n');
      response.writeHead(200, { ...head, 'Content-Type': types[file.split('.').pop()] }).end(readFileSync(join(folder, file)));
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    addresses: [...paths.keys()],
    posts,
    streams,
    replace: (address, with_) => paths.set(address, paths.get(with_)),
    send(name, data) {
      for (const stream of streams) stream.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    /** What the API says of one target, for who asks. */
    state: (target, status) => statuses.set(target, status),
    /** Streams are refused for good, as where a token has too many. */
    refuse(now) {
      refused = now;
    },
    refusals: () => asked,
    /** Nothing is answered. */
    stop(now) {
      down = now;
    },
    cut() {
      for (const stream of streams) stream.destroy();
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
