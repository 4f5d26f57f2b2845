/** Roles, for jobs that map app role assignments (scim-wire.md 6.8). */
import { getRequest, patchRequest } from '../../scim/request.ts';
import { type ConformanceCheck, met, unmet } from '../check.ts';
import { asResource } from '../conversation.ts';
import { sendUpdate } from '../dialect.ts';
import { usual, withUser } from '../given.ts';
import { isSuccess, judgeChange, refused } from '../judge.ts';

const area = 'updating users';

export const roleChecks: readonly ConformanceCheck[] = [
  {
    id: 'primary-role',
    name: 'a role under roles[primary eq "True"]',
    area,
    category: 'recommended',
    source: 'wire 6.8, 10.2',
    seen: ['https://github.com/Captain-P-Goldfish/SCIM-SDK/issues/516'],
    unusual: true,
    entra: 'fails, or does not set the role, for jobs that map SingleAppRoleAssignment',
    fix: 'make the element when none matches, and compare primary with "True" as a boolean',
    run: withUser(usual, async (talk, user) => {
      const path = 'roles[primary eq "True"].value';
      const exchange = await talk.send(patchRequest('User', user.id, [{ op: 'Add', path, value: 'admin' }]));
      return judgeChange(talk, exchange, user, { [path]: 'admin' });
    }),
  },
  {
    id: 'roles-as-text',
    name: 'roles whose values are JSON text',
    area,
    category: 'recommended',
    source: 'wire 6.8, 12',
    seen: [
      'https://github.com/Captain-P-Goldfish/SCIM-SDK/issues/516',
      'https://github.com/MicrosoftDocs/azure-docs/issues/50772',
    ],
    unusual: true,
    entra: 'fails the user, for jobs that map AppRoleAssignmentsComplex in the default dialect',
    fix: 'accept Add of a list of {"value":"…"} on roles, and read the text as JSON',
    run: withUser(usual, async (talk, user) => {
      const role = { id: '18d14569-c3bd-439b-9a66-3a2aee01d14f', value: 'admin', displayName: 'Admin' };
      const change = await sendUpdate(talk, user, 'legacy', { roles: [role] });
      if (!isSuccess(change)) return refused(change);
      const roles = asResource((await talk.send(getRequest('User', user.id))).body)?.roles;
      const stored = Array.isArray(roles) && roles.length > 0;
      return stored ? met : unmet(`answered ${change.status}, there is no role`, change);
    }),
  },
];
