/** Servers on loopback for one test: HTTP with a listener, or raw sockets that say what no HTTP server would. */
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net';

const open: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];

async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    // A client that hangs up on a hostile server is what the tests want.
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  open.push({ server, sockets });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Origin of a new HTTP server. */
export function serve(listener: RequestListener): Promise<string> {
  return listen(createServer(listener));
}

/** Origin of a server that calls `answer` once per connection, when the first request has begun to arrive. */
export function serveRaw(answer: (socket: Socket, request: string) => void): Promise<string> {
  return listen(
    createSocketServer((socket) => {
      socket.once('data', (chunk: Buffer) => answer(socket, chunk.toString()));
    }),
  );
}

/** Ends every server and its connections; for `afterEach`. */
export async function closeServers(): Promise<void> {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => server.close(done));
  }
}
