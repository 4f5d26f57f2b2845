/**
 * A SCIM server that does nothing, as its own process: no resource is found, every write succeeds, nothing is kept.
 * `startNullServer` runs it; a user read by id comes back with an old title, so that an update has something to write; a group is as it should be.
 */
import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { GROUP_ID } from './generated-directory.js';

const HEADERS = { 'content-type': 'application/scim+json' };
const GROUP = { displayName: 'Everybody', externalId: GROUP_ID };
const EMPTY = Buffer.from(
  '{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"startIndex":1,"itemsPerPage":0,"Resources":[]}',
);

/**
 * Starts the server and waits until it listens.
 * @param latencyMs how long each answer is held back
 */
export async function startNullServer(latencyMs = 0) {
  const child = fork(fileURLToPath(import.meta.url), [String(latencyMs)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const port = await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', () => reject(new Error('the null server did not start')));
  });
  return { origin: `http://127.0.0.1:${port}`, close: () => child.kill() };
}

function answer(method, url, response, created) {
  if (method === 'POST') {
    response.writeHead(201, HEADERS);
    response.end(`{"id":"n${created}"}`);
  } else if (method === 'GET' && !url.includes('filter=')) {
    const id = decodeURIComponent(url.slice(url.lastIndexOf('/') + 1).replace(/\?.*/, ''));
    response.writeHead(200, HEADERS);
    response.end(JSON.stringify(url.includes('/Groups/') ? { id, ...GROUP } : { id, title: 'before' }));
  } else if (method === 'GET') {
    response.writeHead(200, HEADERS);
    response.end(EMPTY);
  } else {
    response.writeHead(204);
    response.end();
  }
}

function serve(latencyMs) {
  let created = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      if (request.method === 'POST') created += 1;
      const number = created;
      if (latencyMs === 0) answer(request.method, request.url, response, number);
      else setTimeout(answer, latencyMs, request.method, request.url, response, number);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
  process.once('disconnect', () => process.exit(0));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) serve(Number(process.argv[2] ?? 0));
