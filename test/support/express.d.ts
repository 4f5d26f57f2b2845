/** The little of express the test SCIM server touches; the package ships no types. */
declare module 'express' {
  import type { Server } from 'node:http';

  function express(): express.Application;
  namespace express {
    type Request = { header(name: string): string | undefined; readonly body?: unknown };
    function json(options: { readonly type: readonly string[] }): Router;
    type Router = (...args: readonly unknown[]) => void;
    type Application = {
      use(path: string, router: unknown): Application;
      listen(port: number, host: string, ready: () => void): Server;
    };
  }
  export = express;
}
