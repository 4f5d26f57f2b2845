/** A create that does not bring what it was sent is repeated under another name, as a server takes it. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { Divergence } from '../../engine/engine.ts';
import { createMetaApp } from '../../fixtures/targets/meta/meta-app.ts';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';
import { serveApp } from '../../fixtures/targets/serve-app.ts';
import type { FetchHandler } from '../../fixtures/targets/target-app.ts';
import { aUser, everyone, openWorld, TOKEN, usersMapping, type WorldOptions } from '../support/world.ts';

/** What each divergence's request is answered with, where creates lose titles and nicknames. */
async function answers(handle: FetchHandler, options: (url: string) => WorldOptions): Promise<readonly number[]> {
  const server = await serveApp({
    handle: async (request) => {
      if (request.method !== 'POST') return handle(request);
      const { title: _title, nickName: _nickName, ...kept } = JSON.parse(await request.clone().text());
      return handle(new Request(request, { body: JSON.stringify(kept) }));
    },
  });
  const user = aUser('u1', { jobTitle: 'Clerk', givenName: 'Ana', surname: 'Sousa', displayName: 'Ana Sousa' });
  const world = await openWorld({ directory: everyone([user]), ...options(server.url) });
  try {
    await world.cycle();
    const { divergences } = await world.engine().verify('app');
    const send = async ({ request: { method, path, body } }: Divergence) => {
      const headers = {
        Authorization: `Bearer ${TOKEN}`,
        'Content-Type': 'application/scim+json',
        'User-Agent': 'curl',
      };
      const answer = await fetch(`${server.url}${options(server.url).target === undefined ? '/scim' : ''}${path}`, {
        method,
        headers,
        body: JSON.stringify(body),
      });
      return answer.status;
    };
    return await Promise.all(divergences.map(send));
  } finally {
    await world.close();
    await server.close();
  }
}

it('each attribute under a name of its own', async () => {
  const mapping = usersMapping('{ to: title, from: jobTitle }', '{ to: nickName, from: mailNickname }');
  const { handle } = createScimApp({ token: TOKEN });
  expect(await answers(handle, (url) => ({ mapping, targetUrl: `${url}/scim` }))).toEqual([201, 201]);
});

it('with a userName, whatever it matches by', async () => {
  const mapping = usersMapping(
    '{ to: title, from: jobTitle }',
    '{ to: externalId, from: mailNickname, match: 1 }',
  ).replace('userPrincipalName, match: 1', 'userPrincipalName');
  const { handle } = createScimApp({ token: TOKEN });
  expect(await answers(handle, (url) => ({ mapping, targetUrl: `${url}/scim` }))).toEqual([201]);
});

it('with what the document of the application calls required', async () => {
  const mapping = await readFile('mappings/work-accounts.yaml', 'utf8');
  const { handle } = createMetaApp('work-accounts', { token: TOKEN });
  const target = (url: string) => ({ url: 'https://scim.workplace.com/', override: url });
  expect(await answers(handle, (url) => ({ mapping, target: target(url) }))).toEqual([201]);
});
