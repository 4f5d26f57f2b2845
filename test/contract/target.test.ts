/** The SCIM target under the contract of its ports, over both HTTP clients and against two servers. */
import type { TransportOptions } from '../../engine/http/transport.ts';
import { openScimTarget } from '../../engine/target/scim-target.ts';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';
import { serveApp } from '../../fixtures/targets/serve-app.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { startScimmyServer } from '../support/scimmy-server.ts';
import { type TargetUnderTest, targetContract } from './target.ts';

const TOKEN = 'contract-token';

function open(
  tenantUrl: string,
  more: Pick<TransportOptions, 'adapter'>,
  closeServer: () => Promise<void>,
): TargetUnderTest {
  const target = openScimTarget(
    {
      tenantUrl,
      auth: { type: 'bearer', token: TOKEN },
      concurrency: 2,
      timeoutMs: 5000,
      maxResponseBytes: 100_000,
      allowInsecureHttp: false,
      ...more,
    },
    fixedClock(),
  );
  return {
    target,
    close: async () => {
      await target.close();
      await closeServer();
    },
  };
}

for (const adapter of ['undici', 'http'] as const) {
  targetContract(`the bundled application over ${adapter}`, async () => {
    const server = await serveApp(createScimApp({ token: TOKEN }));
    return open(`${server.url}/scim`, { adapter }, () => server.close());
  });
  targetContract(`scimmy over ${adapter}`, async () => {
    const server = await startScimmyServer({ token: TOKEN });
    return open(server.url, { adapter }, () => server.close());
  });
}
