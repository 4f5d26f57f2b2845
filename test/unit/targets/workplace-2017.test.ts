/** Workplace by Facebook in 2017: its addresses, and what it has not yet (gallery.md 3.2). */
import { describe, expect, it } from 'vitest';
import { ana, DATES, FRONTLINE, open } from './workplace-scim1.ts';

describe('workplace-2017', () => {
  it.each([
    ['/company/1000000001/scim', 200],
    ['/company/1000000001/scim/v1', 200],
    ['/scim/v1', 200],
    ['/company/1000000002/scim', 404],
    ['', 404],
  ])('at %s answers %i', async (base, status) => {
    const { sendAt } = await open('workplace-2017');
    expect((await sendAt(base)('GET', '/Users')).status).toBe(status);
  });

  it('drops frontline and start dates', async () => {
    const { send } = await open('workplace-2017');
    const extras = { [FRONTLINE]: { is_frontline: true }, [DATES]: { startDate: 'x' } };
    const { status, body } = await send('POST', '/Users', { ...ana, ...extras });
    expect(status).toBe(201);
    expect(body).not.toHaveProperty([FRONTLINE]);
    expect(body).not.toHaveProperty([DATES]);
  });

  it('knows no accounts without e-mail', async () => {
    const { control } = await open('workplace-2017');
    expect((await control('PATCH', '/settings', { emailless: true })).body.detail).toContain('no setting "emailless"');
  });

  it('finds by userName alone', async () => {
    const { send } = await open('workplace-2017', ana);
    expect((await send('GET', '/Users?filter=userName+eq+%22ana@contoso.com%22')).body.totalResults).toBe(1);
    expect((await send('GET', '/Users?filter=externalId+eq+%22A1%22')).body).toEqual({
      Errors: [{ description: 'Only "userName eq" is supported', code: 400 }],
    });
  });
});
