/** Clients that do nothing but send given requests and read the answers, so many at a time. */
import { Agent, request as httpRequest } from 'node:http';
import { Pool } from 'undici';

/** Node's own client with a keep-alive agent: what a script without libraries would use. */
export function nodeClient(origin, concurrency) {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const { hostname, port } = new URL(origin);
  const send = ({ method, path, headers, body }) =>
    new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
      const outgoing = httpRequest({ agent, hostname, port, method, path, headers: { ...headers, ...length } });
      outgoing.once('error', reject);
      outgoing.once('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.once('end', () => resolve(text));
        response.once('error', reject);
      });
      outgoing.end(body);
    });
  return { send, close: async () => agent.destroy() };
}

/** undici's pool, which the engine's transport stands on. */
export function poolClient(origin, concurrency) {
  const pool = new Pool(origin, { connections: concurrency, pipelining: 1 });
  const send = async ({ method, path, headers, body }) => {
    const answer = await pool.request({ method, path, headers, body });
    return answer.body.text();
  };
  return { send, close: () => pool.destroy() };
}

/** Sends `requests` in order, `concurrency` at a time. */
export async function sendAll(client, requests, concurrency) {
  let next = 0;
  const worker = async () => {
    while (next < requests.length) {
      const request = requests[next];
      next += 1;
      await client.send(request);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
