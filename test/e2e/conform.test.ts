/** The built command line as a process: Ctrl-C in the middle of the checks leaves nothing at the endpoint. */
import { expect, it } from 'vitest';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';
import { serveApp } from '../../fixtures/targets/serve-app.ts';
import { runCli } from '../support/cli.ts';
import { TOKEN } from '../support/world.ts';

it.skipIf(process.platform === 'win32')('cleans up after SIGINT', async () => {
  const app = createScimApp({ token: TOKEN });
  let stop: (() => void) | undefined;
  const served = await serveApp({
    handle: async (request) => {
      const answer = await app.handle(request);
      if (app.requests.length === 60) stop?.();
      return answer;
    },
  });
  try {
    const { code, stdout, stderr } = await runCli(['conform', '--url', `${served.url}/scim`], {
      onStart: (child) => {
        stop = () => child.kill('SIGINT');
      },
    });
    expect(code).toBe(130);
    expect(stdout).toContain('The checks did not finish.');
    expect(stderr).toContain('stopped; what the checks had created is removed');
    expect(app.requests.length).toBeGreaterThan(60);
    expect([app.state.users(), app.state.groups()]).toEqual([[], []]);
  } finally {
    await served.close();
  }
});
