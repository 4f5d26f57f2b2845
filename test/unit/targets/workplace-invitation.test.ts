/** Accounts without e-mail, invitation, claim and deletion at Workplace (gallery.md 2.2). */
import { describe, expect, it } from 'vitest';
import type { ScimResource } from '../../../engine/model/scim-message.ts';
import { idOf, patch, user } from './exchange.ts';
import { AUTH, ana, fay, NOW_SECONDS, open, STATUS, WEEK } from './workplace-company.ts';

describe('e-mail-less accounts', () => {
  async function allowed(...users: readonly ScimResource[]) {
    const opened = await open();
    await opened.set({ emailless: true });
    const answers = [];
    for (const one of users) answers.push(await opened.send('POST', '/Users', one));
    return { ...opened, answers };
  }

  it('are refused as long as the setting is off', async () => {
    const { send } = await open();
    expect((await send('POST', '/Users', fay)).body.detail).toBe('Missing Email field: You must provide an email');
  });

  it('need neither userName nor e-mail; they are invited at once and get an access code', async () => {
    const { answers, shown } = await allowed(fay);
    expect(answers).toMatchObject([
      {
        status: 201,
        body: {
          externalId: '77',
          [AUTH]: { authMethod: 'password' },
          [STATUS]: {
            invited: true,
            inviteDate: NOW_SECONDS,
            accessCode: expect.any(String),
            accessCodeExpirationDate: NOW_SECONDS + WEEK,
          },
        },
      },
    ]);
    expect(answers[0]?.body).not.toHaveProperty('userName');
    expect(shown()).toEqual(['Invited']);
  });

  it.each<[string, ScimResource, string]>([
    ['no externalId', user({ name: { formatted: 'Fay' } }), 'External ID is required and must not be an email address'],
    [
      'an externalId in e-mail form',
      { ...fay, externalId: 'fay@contoso.com' },
      'External ID is required and must not be an email address',
    ],
    [
      'single sign-on',
      { ...fay, [AUTH]: { authMethod: 'sso' } },
      'Accounts without email must use password authentication',
    ],
    ['no name', user({ externalId: '77' }), '[field:name]Invalid Request: This field is required.'],
  ])('%s is refused', async (_name, body, detail) => {
    const { answers } = await allowed(body);
    expect(answers).toMatchObject([{ status: 400, body: { detail } }]);
  });

  it('an externalId can be had once', async () => {
    const { answers } = await allowed(fay, fay);
    expect(answers.map(({ status }) => status)).toEqual([201, 409]);
  });

  it('go on when the setting is turned off again', async () => {
    const { answers, send, set } = await allowed(fay);
    await set({ emailless: false });
    const path = `/Users/${answers[0] === undefined ? '' : idOf(answers[0])}`;
    expect((await send('PATCH', path, patch({ op: 'replace', path: 'title', value: 'x' }))).status).toBe(200);
  });

  it('keep their invitation, whatever a client writes to it', async () => {
    const { answers, send } = await allowed(fay);
    const path = `/Users/${answers[0] === undefined ? '' : idOf(answers[0])}`;
    const { body } = await send('PATCH', path, patch({ op: 'replace', path: `${STATUS}:invited`, value: false }));
    expect(body[STATUS]).toMatchObject({ invited: true });
  });

  it('cannot be claimed with an access code that has expired', async () => {
    const { answers, control } = await allowed(fay);
    const path = `/users/${answers[0] === undefined ? '' : idOf(answers[0])}/claim`;
    await control('POST', '/clock', { now: '2026-01-08T00:00:00.000Z' });
    expect((await control('POST', path)).status).toBe(409);
    await control('POST', '/clock', { now: '2026-01-07T23:59:59.000Z' });
    expect((await control('POST', path)).body).toMatchObject({ accountState: 'Claimed' });
  });
});

describe('invitation and claim', () => {
  it('a new account with e-mail is not invited', async () => {
    const { send, path, shown } = await open(ana);
    expect((await send('GET', path)).body[STATUS]).toEqual({
      invited: false,
      inviteDate: 0,
      claimed: false,
      claimDate: 0,
      canDelete: true,
    });
    expect(shown()).toEqual(['Not Invited']);
  });

  it('autoInvite: it is, once the setting says so', async () => {
    const { send, set, shown } = await open();
    await set({ autoInvite: true });
    expect((await send('POST', '/Users', ana)).body[STATUS]).toMatchObject({ invited: true, inviteDate: NOW_SECONDS });
    expect(shown()).toEqual(['Invited']);
  });

  it('writing invited gives the date and a link; taking it back takes them away', async () => {
    const { write, shown } = await open(ana);
    const { body } = await write(`${STATUS}:invited`, true);
    expect(body[STATUS]).toMatchObject({
      invited: true,
      inviteDate: NOW_SECONDS,
      claimLink: expect.stringMatching(/^https:/),
    });
    expect(shown()).toEqual(['Invited']);
    expect((await write(`${STATUS}:invited`, false)).body[STATUS]).toMatchObject({ invited: false, inviteDate: 0 });
    expect(shown()).toEqual(['Not Invited']);
  });

  it.each(['inviteDate', 'claimDate', 'canDelete', 'claimLink', 'accessCode', 'accessCodeExpirationDate'])(
    '%s is read-only',
    async (name) => {
      const { write } = await open(ana);
      expect(await write(`${STATUS}:${name}`, 'x')).toMatchObject({ status: 400, body: { scimType: 'mutability' } });
    },
  );

  it('a claim needs an invitation', async () => {
    const { claim, write, shown } = await open(ana);
    expect((await claim()).status).toBe(409);
    await write(`${STATUS}:invited`, true);
    expect((await claim()).body).toMatchObject({ accountState: 'Claimed' });
    expect(shown()).toEqual(['Claimed']);
    expect((await claim()).status).toBe(409);
  });

  it('a claim needs an active account', async () => {
    const { claim, write } = await open(ana);
    await write(`${STATUS}:invited`, true);
    await write('active', false);
    expect((await claim()).status).toBe(409);
  });

  async function claimed() {
    const opened = await open(ana);
    await opened.write(`${STATUS}:invited`, true);
    await opened.claim();
    return opened;
  }

  it('a claim sets its date and ends deletion for good', async () => {
    const { send, path } = await claimed();
    expect((await send('GET', path)).body[STATUS]).toMatchObject({
      claimed: true,
      claimDate: NOW_SECONDS,
      canDelete: false,
    });
  });

  it('unclaim: claimed false with invited true', async () => {
    const { send, path, shown } = await claimed();
    const body = patch({ op: 'replace', value: { [STATUS]: { claimed: false, invited: true } } });
    expect((await send('PATCH', path, body)).body[STATUS]).toMatchObject({
      claimed: false,
      claimDate: 0,
      canDelete: false,
    });
    expect(shown()).toEqual(['Invited']);
    expect((await send('DELETE', path)).status).toBe(412);
  });

  it('nobody can claim an account by writing to it', async () => {
    const { write, shown } = await open(ana);
    await write(`${STATUS}:invited`, true);
    await write(`${STATUS}:claimed`, true);
    expect(shown()).toEqual(['Invited']);
  });

  it('active false shows Deactivated; invitation and claim stay', async () => {
    const { write, shown } = await claimed();
    await write('active', 'False');
    expect(shown()).toEqual(['Deactivated']);
    await write('active', 'True');
    expect(shown()).toEqual(['Claimed']);
  });

  it('DELETE: never claimed 200, ever claimed 412 with nothing changed', async () => {
    const fresh = await open(ana);
    expect((await fresh.send('DELETE', fresh.path)).status).toBe(200);
    expect(fresh.shown()).toEqual([]);
    const { send, path, shown } = await claimed();
    expect(await send('DELETE', path)).toMatchObject({
      status: 412,
      body: { code: 412, detail: 'The account has been claimed and cannot be deleted' },
    });
    expect(shown()).toEqual(['Claimed']);
  });
});
