/** Endpoints as people build them: what is said of them has to be true. */
import { describe, expect, it } from 'vitest';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';
import { conformTo } from '../support/endpoint.ts';
import { TOKEN } from '../support/world.ts';

const strict = () => createScimApp({ token: TOKEN, uniqueGroupNames: true });
const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/scim+json' } });

describe('what Entra would do', () => {
  it('is no failure of an object where Entra does not send the request', async () => {
    const app = strict();
    const report = await conformTo(
      async (request) =>
        /\+(co|sw|gt)\+|externalId/.test(request.url) || (await request.clone().text()).includes('"value":""')
          ? json(400, { detail: 'not supported' })
          : app.handle(request),
      { ids: ['filter-contains', 'filter-greater-than', 'filter-external-id', 'clear-value', 'remove-manager-legacy'] },
    );
    const says = report.results.map(({ check, finding }) => [check.id, finding?.entra ?? check.entra]);
    expect(Object.fromEntries(says)).toEqual({
      'filter-contains': expect.stringContaining('filters with eq alone'),
      'filter-greater-than': expect.stringContaining('filters with eq alone'),
      'filter-external-id': expect.stringContaining('as soon as an administrator matches on externalId'),
      'clear-value': expect.stringContaining('does not clear values today'),
      'remove-manager-legacy': expect.stringContaining('tries again with growing gaps'),
    });
  });
});
