/** What Entra has been seen to do although nobody documents when: Add where Replace is meant, and the other way round (scim-wire.md 6.3). */
import type { JsonValue } from '../../model/scim-message.ts';
import { createRequest, getRequest, patchRequest } from '../../scim/request.ts';
import { type ConformanceCheck, met, unmet } from '../check.ts';
import { asResource } from '../conversation.ts';
import { usual, withUser } from '../given.ts';
import { isSuccess, judgeChange } from '../judge.ts';
import { answered } from '../reaction.ts';
import { bodyOf, only, plainText, userValues, WORK_MAIL } from '../values.ts';

const shared = { category: 'recommended' } as const;

export const toleranceChecks: readonly ConformanceCheck[] = [
  {
    ...shared,
    id: 'add-present-value',
    name: 'add a value where there is one already',
    area: 'updating users',
    source: 'wire 6.3',
    seen: [
      'https://learn.microsoft.com/en-us/answers/questions/1373350/azure-ad-scim-provisioning-user-attribute-updates',
    ],
    entra: 'does so at times, and believes that the new value has arrived',
    fix: 'let Add on a single-valued attribute replace what is there (RFC 7644 section 3.5.2.1)',
    run: withUser(usual, async (talk, user) => {
      const wanted = plainText(talk, `Added ${user.name}`);
      const operations = Object.entries(wanted).map(([path, value]) => ({ op: 'add', path, value }));
      return judgeChange(talk, await talk.send(patchRequest('User', user.id, operations)), user, wanted);
    }),
  },
  {
    ...shared,
    id: 'replace-missing-value',
    name: 'replace a value where there is none',
    area: 'updating users',
    source: 'wire 6.3',
    seen: [
      'https://learn.microsoft.com/en-us/answers/questions/1373350/azure-ad-scim-provisioning-user-attribute-updates',
    ],
    entra: 'does so at times, and believes that the value has arrived',
    fix: 'let Replace on an attribute without value set it (RFC 7644 section 3.5.2.3)',
    uses: ['title'],
    run: withUser(
      () => ({ title: null }),
      async (talk, user) => {
        const operations = [{ op: 'replace', path: 'title', value: 'Lead' }];
        return judgeChange(talk, await talk.send(patchRequest('User', user.id, operations)), user, { title: 'Lead' });
      },
    ),
  },
  {
    ...shared,
    id: 'one-value-per-type',
    name: 'a second work mail address does not appear',
    area: 'updating users',
    source: 'wire 10.1',
    entra: 'reads the first of two, which may be the old one, and sends the new one again and again',
    fix: 'keep one element per type: Add with a filter that matches changes the element it matches',
    uses: [WORK_MAIL],
    run: withUser(usual, async (talk, user) => {
      const mail = talk.userName(`new-${user.name}`);
      const change = await talk.send(patchRequest('User', user.id, [{ op: 'add', path: WORK_MAIL, value: mail }]));
      if (!isSuccess(change)) return unmet(answered(change), change);
      const resource = asResource((await talk.send(getRequest('User', user.id))).body);
      const mails: readonly JsonValue[] = Array.isArray(resource?.emails) ? resource.emails : [];
      const work = mails.filter((one) => String(asResource(one)?.type).toLowerCase() === 'work');
      return work.length === 1 ? met : unmet(`work addresses afterwards: ${work.length}`, change);
    }),
  },
  {
    ...shared,
    id: 'create-without-name',
    name: 'create a user without userName',
    area: 'creating users',
    source: 'wire 10.4',
    entra: 'does not send it with the default mapping; with another one it cannot find the account again',
    fix: 'answer 400 when a required attribute is missing, and name it in `detail`',
    run: async (talk) => {
      const { userName: _left, ...values } = only(userValues(talk, talk.unique()), talk.survey.kept);
      const exchange = await talk.send(createRequest('User', bodyOf('User', values)));
      return exchange.status === 400 ? met : unmet(answered(exchange, 400), exchange);
    },
  },
];
