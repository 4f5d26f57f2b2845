/** `scimulate/testing` as somebody who installed the package gets it: by name, built, with the mapping that ships. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const PROGRAM = `
  import { createTenant } from 'scimulate/testing';
  const sent = [];
  const tenant = await createTenant({
    url: 'https://app.example.com/scim',
    users: [{ id: 'ana', userPrincipalName: 'ana@contoso.com', displayName: 'Ana', mailNickname: 'ana' }],
    fetch: async (request) => {
      sent.push(request.method + ' ' + new URL(request.url).pathname);
      const empty = { schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'], totalResults: 0, Resources: [] };
      return request.method === 'GET' ? Response.json(empty) : Response.json({ id: '1' }, { status: 201 });
    },
  });
  await tenant.cycle();
  await tenant.close();
  console.log(sent.at(-1));
`;

test('is importable by name and creates a user', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', PROGRAM]);
  expect(stdout.trim()).toBe('POST /scim/Users');
});
