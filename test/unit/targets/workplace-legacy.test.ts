/** Workplace before its upgrade: SCIM 1.x with everything Workplace has (gallery.md 2.2). */
import { describe, expect, it } from 'vitest';
import { USER_URN } from './exchange.ts';
import { ana, DATES, FRONTLINE, open, STATUS } from './workplace-scim1.ts';

describe('workplace-legacy', () => {
  it('answers 2.0 at the root, for the upgrade, over the same accounts', async () => {
    const { sendAt, id } = await open('workplace-legacy', ana);
    const { body } = await sendAt('')('GET', '/Users?filter=externalId+eq+%22A1%22');
    expect(body.Resources).toMatchObject([{ id: Number(id), schemas: expect.arrayContaining([USER_URN]) }]);
  });

  it('takes frontline workers, start dates and accounts without e-mail', async () => {
    const { send, control } = await open('workplace-legacy');
    await control('PATCH', '/settings', { emailless: true });
    const { userName: _userName, emails: _emails, ...fay } = ana;
    const extras = { [FRONTLINE]: { is_frontline: true }, [DATES]: { startDate: 1_672_531_200 } };
    const { status, body } = await send('POST', '/Users', { ...fay, ...extras });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      [FRONTLINE]: { is_frontline: true, has_access: true },
      [DATES]: { startDate: 1_672_531_200 },
      [STATUS]: { accessCode: expect.any(String) },
    });
  });

  it('finds by externalId', async () => {
    const { send } = await open('workplace-legacy', ana);
    expect((await send('GET', '/Users?filter=externalId+eq+%22A1%22')).body.totalResults).toBe(1);
  });
});
