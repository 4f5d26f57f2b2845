/** Updating users, in the shapes of both dialects (scim-wire.md 6). */
import { findRequest, patchRequest } from '../../scim/request.ts';
import { type ConformanceCheck, met, unjudged, unmet } from '../check.ts';
import type { Conversation } from '../conversation.ts';
import { changeOfUser, inBothDialects, judgeUpdate, sendUpdate } from '../dialect.ts';
import { unknownId, usual, withUser } from '../given.ts';
import { emptyVerdict, isSuccess, judgeChange, judgeHit, refused } from '../judge.ts';
import { answered } from '../reaction.ts';
import {
  DEPARTMENT,
  EMPLOYEE_NUMBER,
  isDerived,
  MOBILE,
  only,
  plainText,
  STREET,
  userValues,
  type Values,
  WORK_MAIL,
} from '../values.ts';

const area = 'updating users';
const BELIEVES = 'believes that the value has arrived, and does not send it again until it changes';

/** A plain value, a part of the name, an element of a list, a value of the extension: where the endpoint keeps them. */
function changesOf(talk: Conversation, name: string): readonly Values[] {
  const wanted = {
    'name.familyName': `Lima ${name}`,
    [WORK_MAIL]: talk.userName(`new-${name}`),
    [DEPARTMENT]: 'Research',
  };
  const kept = Object.entries(wanted).filter(([path]) => talk.survey.kept.has(path));
  return [plainText(talk, `Lena Ort ${name}`), ...kept.map(([path, value]) => ({ [path]: value }))];
}

export const updatingChecks: readonly ConformanceCheck[] = [
  ...changeOfUser(
    {
      id: 'replace-value',
      name: 'replace one value',
      area,
      category: 'mandatory',
      source: 'wire 6.4',
      covers: ['hosted 6', 'gallery 2', 'gallery 18'],
      seen: [
        'https://github.com/langwatch/langwatch/issues/6972',
        'https://github.com/goauthentik/authentik/issues/13386',
      ],
      entra: BELIEVES,
      fix: 'accept PATCH, and operation names in any case: Replace is replace',
    },
    { given: usual, wanted: (name, talk) => plainText(talk, `Lena Ort ${name}`) },
  ),
  ...changeOfUser(
    {
      id: 'replace-several',
      name: 'replace several values at once',
      area,
      category: 'mandatory',
      source: 'wire 6.4, 6.5',
      covers: ['hosted 6', 'gallery 18'],
      seen: ['https://github.com/thomaspoignant/scim-patch/issues/132', 'https://github.com/pond/scimitar/issues/123'],
      entra: BELIEVES,
      fix: 'expand dotted keys such as "name.givenName" in an operation without path; apply all operations of a request',
      uses: ['displayName', 'name.givenName', 'name.familyName'],
    },
    {
      given: usual,
      wanted: (name) => ({ displayName: `Yuri ${name}`, 'name.givenName': 'Yuri', 'name.familyName': `Rhee ${name}` }),
    },
  ),
  ...changeOfUser(
    {
      id: 'replace-name-part',
      name: 'replace a part of the name',
      area,
      category: 'mandatory',
      source: 'wire 6.4',
      covers: ['hosted 6'],
      entra: BELIEVES,
      fix: 'read the path name.familyName as a sub-attribute',
      uses: ['name.familyName'],
    },
    { given: usual, wanted: (name) => ({ 'name.familyName': `Lima ${name}` }) },
  ),
  ...changeOfUser(
    {
      id: 'add-value',
      name: 'add a value that is missing',
      area,
      category: 'mandatory',
      source: 'wire 6.3, 6.4',
      covers: ['hosted 25'],
      entra: BELIEVES,
      fix: 'accept Add for an attribute that has no value yet',
      uses: ['title'],
    },
    { given: () => ({ title: null }), wanted: () => ({ title: 'Lead' }) },
  ),
  ...changeOfUser(
    {
      id: 'add-several',
      name: 'add several values that are missing',
      area,
      category: 'mandatory',
      source: 'wire 6.4',
      covers: ['hosted 25'],
      entra: BELIEVES,
      fix: 'accept add without path whose value is an object of several attributes',
      uses: ['title', 'preferredLanguage'],
    },
    {
      given: () => ({ title: null, preferredLanguage: null }),
      wanted: () => ({ title: 'Lead', preferredLanguage: 'pt-PT' }),
    },
  ),
  ...changeOfUser(
    {
      id: 'replace-mail',
      name: 'replace the work mail address',
      area,
      category: 'mandatory',
      source: 'wire 6.4',
      covers: ['hosted 6'],
      entra: BELIEVES,
      fix: 'apply the operation to the element that the filter in the path selects',
      uses: [WORK_MAIL],
    },
    { given: usual, wanted: (name, talk) => ({ [WORK_MAIL]: talk.userName(`new-${name}`) }) },
  ),
  ...changeOfUser(
    {
      id: 'add-mail',
      name: 'add a work mail address where there is none',
      area,
      category: 'mandatory',
      source: 'wire 6.4',
      covers: ['hosted 25'],
      seen: [
        'https://github.com/Captain-P-Goldfish/SCIM-SDK/issues/416',
        'https://github.com/ssoready/ssoready/pull/249',
        'https://github.com/limosa-io/laravel-scim-server/issues/119',
      ],
      entra: BELIEVES,
      fix: 'when no element matches the filter of an Add, make one with the type of the filter; it is no noTarget error',
      explains: ({ id }) => /^(add-phone-and-address|add-all)-|^primary-role$/.test(id),
      uses: [WORK_MAIL],
    },
    { given: () => ({ [WORK_MAIL]: null }), wanted: (name, talk) => ({ [WORK_MAIL]: talk.userName(name) }) },
  ),
  ...changeOfUser(
    {
      id: 'add-phone-and-address',
      name: 'add phone and address where there are none',
      area,
      category: 'recommended',
      source: 'wire 6.4',
      covers: ['hosted 25'],
      seen: ['https://github.com/thomaspoignant/scim-patch/issues/42'],
      entra: BELIEVES,
      fix: 'when no element matches the filter of an Add, make one with the type of the filter',
      uses: [MOBILE, STREET],
    },
    {
      given: () => ({ [MOBILE]: null, [STREET]: null }),
      wanted: () => ({ [MOBILE]: '+1 425 555 0112', [STREET]: '2 New Way' }),
    },
  ),
  ...changeOfUser(
    {
      id: 'replace-extension',
      name: 'replace a value of the enterprise extension',
      area,
      category: 'mandatory',
      source: 'wire 6.4',
      covers: ['hosted 6'],
      seen: ['https://github.com/Captain-P-Goldfish/scim-for-keycloak/issues/26'],
      entra: BELIEVES,
      fix: 'split the path at its last colon: the URN before it names the extension; the dot in 2.0 separates nothing',
      uses: [DEPARTMENT],
    },
    { given: usual, wanted: () => ({ [DEPARTMENT]: 'Research' }) },
  ),
  ...changeOfUser(
    {
      id: 'replace-several-extension',
      name: 'replace extension and core values at once',
      area,
      category: 'mandatory',
      source: 'wire 6.4',
      seen: ['https://github.com/thomaspoignant/scim-patch/issues/19'],
      entra: BELIEVES,
      fix: 'expand keys that are whole URN paths in an operation without path; do not store them as attributes of that name',
      uses: [DEPARTMENT, EMPLOYEE_NUMBER, 'displayName'],
    },
    {
      given: usual,
      wanted: (name) => ({ displayName: `Yuri ${name}`, [DEPARTMENT]: 'Research', [EMPLOYEE_NUMBER]: '8112' }),
    },
  ),
  ...inBothDialects(
    {
      id: 'add-all',
      name: 'fill a user that has nothing but userName',
      area,
      category: 'mandatory',
      source: 'wire 10.2',
      covers: ['hosted 25', 'gallery 2'],
      entra: BELIEVES,
      fix: 'accept Add for every attribute you keep, with filtered paths and URN paths among them',
    },
    (mode) =>
      withUser(
        (name, talk) =>
          Object.fromEntries(
            Object.keys(userValues(talk, name)).map((path) => [path, path === 'userName' ? talk.userName(name) : null]),
          ),
        (talk, user) => judgeUpdate(talk, user, mode, only(userValues(talk, user.name), talk.survey.kept)),
      ),
  ),
  ...inBothDialects(
    {
      id: 'rename-user',
      name: 'change userName',
      area,
      category: 'mandatory',
      source: 'wire 10.2',
      covers: ['hosted 7'],
      entra: 'loses sight of the account after a restart: it cannot be matched under its new name',
      fix: 'let userName be replaced, and find the user under the new name only',
    },
    (mode) =>
      withUser(usual, async (talk, user) => {
        const userName = talk.userName(`renamed-${user.name}`);
        const changed = await judgeUpdate(talk, user, mode, { userName });
        if (changed.kind !== 'met') return changed;
        const found = await judgeHit(talk, user, 'userName', userName);
        if (found.kind !== 'met') return found;
        return emptyVerdict(await talk.send(findRequest('User', 'userName', talk.userName(user.name))));
      }),
  ),
  ...inBothDialects(
    {
      id: 'update-keeps-rest',
      name: 'a change leaves the other values alone',
      area,
      category: 'mandatory',
      source: 'wire 10.1',
      entra:
        'believes the other values are still there: they are lost until the user changes the next time, and then again',
      fix: 'PATCH changes what its operations name, and nothing else: it is no PUT',
    },
    (mode) =>
      withUser(usual, async (talk, user) => {
        const values = { ...user.values };
        for (const change of changesOf(talk, user.name)) {
          const exchange = await sendUpdate(talk, { ...user, values }, mode, change);
          if (!isSuccess(exchange)) return unjudged(`updating a user ${answered(exchange)}`);
          Object.assign(values, change);
          const kept = Object.entries(values).filter(([path]) => !(path in change) && !isDerived(path));
          const verdict = await judgeChange(talk, exchange, user, Object.fromEntries(kept));
          if (verdict.kind !== 'met') return verdict;
        }
        return met;
      }),
  ),
  {
    id: 'mixed-operations',
    name: 'add, replace and remove in one request',
    area,
    category: 'recommended',
    source: 'wire 10.2',
    covers: ['hosted P1'],
    entra: BELIEVES,
    fix: 'apply the operations of a request in their order, all or none',
    uses: ['displayName', 'title', 'preferredLanguage'],
    run: withUser(
      () => ({ title: null }),
      async (talk, user) => {
        const displayName = `Mixed ${user.name}`;
        const operations = [
          { op: 'add', path: 'title', value: 'Lead' },
          { op: 'replace', path: 'displayName', value: displayName },
          { op: 'remove', path: 'preferredLanguage' },
        ];
        const wanted = { title: 'Lead', displayName, preferredLanguage: null };
        return judgeChange(talk, await talk.send(patchRequest('User', user.id, operations)), user, wanted);
      },
    ),
  },
  {
    id: 'same-attribute-twice',
    name: 'one attribute twice in one request',
    area,
    category: 'recommended',
    source: 'wire 10.2',
    covers: ['hosted P2'],
    unusual: true,
    entra: 'sends this in no case known; the hosted validator does',
    fix: 'apply the operations in their order: the last one wins',
    run: withUser(usual, async (talk, user) => {
      const [first, wanted] = [plainText(talk, `First ${user.name}`), plainText(talk, `Second ${user.name}`)];
      const operations = [first, wanted].flatMap((values) =>
        Object.entries(values).map(([path, value]) => ({ op: 'replace', path, value })),
      );
      return judgeChange(talk, await talk.send(patchRequest('User', user.id, operations)), user, wanted);
    }),
  },
  {
    id: 'empty-operations',
    name: 'PATCH without operations',
    area,
    category: 'recommended',
    source: 'wire 10.2',
    seen: ['https://github.com/scimmyjs/scimmy/issues/59'],
    entra: 'never sends it; the hosted validator did',
    fix: 'answer an empty Operations list with success or 400, not with a server error',
    run: withUser(usual, async (talk, user) => {
      const exchange = await talk.send(patchRequest('User', user.id, []));
      return exchange.status >= 200 && exchange.status < 500 ? met : unmet(answered(exchange), exchange);
    }),
  },
  {
    id: 'clear-value',
    name: 'clear a value with "" and with null',
    area,
    category: 'recommended',
    source: 'wire 6.7, 10.3',
    covers: ['gallery 16'],
    unusual: true,
    entra: 'does not clear values today; the gallery suite demands that it could',
    fix: 'take replace with "" or null as "no value"',
    uses: ['title'],
    run: withUser(usual, async (talk, user) => {
      for (const value of ['', null]) {
        const operations = [{ op: 'replace', path: 'title', value }];
        const verdict = await judgeChange(talk, await talk.send(patchRequest('User', user.id, operations)), user, {
          title: null,
        });
        if (verdict.kind !== 'met') return verdict;
      }
      return met;
    }),
  },
  {
    id: 'update-unknown',
    name: 'update a user that does not exist',
    area,
    category: 'recommended',
    source: 'wire 9.1',
    entra: 'takes success for an answer although the account is gone',
    fix: 'answer 404 to PATCH /Users/{id} when there is no such user',
    run: withUser(usual, async (talk, user) => {
      const operations = [{ op: 'Replace', path: 'displayName', value: 'Nobody' }];
      const exchange = await talk.send(patchRequest('User', unknownId(talk, user), operations));
      if (exchange.status === 404) return met;
      return exchange.status < 300 ? unmet(answered(exchange, 404), exchange) : refused(exchange);
    }),
  },
];
