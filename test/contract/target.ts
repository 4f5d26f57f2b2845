/** What planning and apply rely on at every target: the contract of the ports `TargetReader` and `TargetWriter` (ports.ts). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonValue } from '../../engine/model/scim-message.ts';
import type { Target } from '../../engine/ports.ts';

export type TargetUnderTest = {
  readonly target: Target;
  readonly close: () => Promise<void>;
};

const signal = new AbortController().signal;
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** Runs the contract on what `create` opens: an application without accounts, new each time. */
export function targetContract(name: string, create: () => Promise<TargetUnderTest>): void {
  describe(name, () => {
    let under: TargetUnderTest;
    let target: Target;
    beforeEach(async () => {
      under = await create();
      target = under.target;
    });
    afterEach(() => under.close());

    const post = async (path: string, body: JsonValue) => {
      const answer = await target.send({ method: 'POST', path, body }, signal);
      expect(answer.status).toBe(201);
      return String((answer.body as { id?: unknown }).id);
    };
    const user = (userName: string) => post('/Users', { schemas: [USER], userName, active: true });

    test('Test Connection passes for users and groups', async () => {
      await target.probe('User', 'userName', 'b9a1b2c3-0000-4000-8000-000000000000', signal);
      await target.probe('Group', 'displayName', 'b9a1b2c3-0000-4000-8000-000000000000', signal);
    });

    test('finds by a matching attribute, and nobody is an empty list', async () => {
      const id = await user('ana@contoso.com');
      await user('bo@contoso.com');
      expect((await target.find('User', 'userName', 'ana@contoso.com', signal)).map((one) => one.id)).toEqual([id]);
      expect(await target.find('User', 'userName', 'nobody@contoso.com', signal)).toEqual([]);
    });

    test.each([`siobhan.o'neil@contoso.com`, 'a+b&c=d@contoso.com', '山田@contoso.com', 'per%cent@contoso.com'])(
      'a value like %s survives the filter',
      async (userName) => {
        const id = await user(userName);
        expect((await target.find('User', 'userName', userName, signal)).map((one) => one.id)).toEqual([id]);
      },
    );

    test('reads by id, and 404 is undefined', async () => {
      const id = await user('ana@contoso.com');
      expect(await target.get('User', id, signal)).toMatchObject({ id, userName: 'ana@contoso.com' });
      expect(await target.get('User', 'no-such-id', signal)).toBeUndefined();
    });

    test('groups are read without members', async () => {
      const member = await user('ana@contoso.com');
      const id = await post('/Groups', { schemas: [GROUP], displayName: 'Sales', members: [{ value: member }] });
      expect((await target.get('Group', id, signal))?.members ?? []).toEqual([]);
      const [found] = await target.find('Group', 'displayName', 'Sales', signal);
      expect(found).toMatchObject({ id, displayName: 'Sales' });
      expect(found?.members ?? []).toEqual([]);
    });

    test('a write is answered whatever its status; none is thrown', async () => {
      await user('ana@contoso.com');
      const body = { schemas: [USER], userName: 'ana@contoso.com' };
      expect((await target.send({ method: 'POST', path: '/Users', body }, signal)).status).toBe(409);
      expect((await target.send({ method: 'DELETE', path: '/Users/no-such-id' }, signal)).status).toBe(404);
      const id = await user('bo@contoso.com');
      expect((await target.send({ method: 'DELETE', path: `/Users/${id}` }, signal)).status).toBe(204);
      expect(await target.get('User', id, signal)).toBeUndefined();
    });

    test('counts its requests', async () => {
      const before = target.requestCount();
      await user('ana@contoso.com');
      await target.get('User', 'no-such-id', signal);
      expect(target.requestCount() - before).toBe(2);
    });
  });
}
