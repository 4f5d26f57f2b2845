/** Elements of one attribute, and parts of one element: changing one is no reason to lose the others (scim-wire.md 6.4). */
import { parseAttributePath, readPath } from '../../scim/attribute-path.ts';
import { getRequest } from '../../scim/request.ts';
import { type ConformanceCheck, met, unjudged } from '../check.ts';
import { asResource, type Conversation } from '../conversation.ts';
import { inBothDialects, sendUpdate } from '../dialect.ts';
import { type Made, makeUser } from '../given.ts';
import { isSuccess, judgeChange } from '../judge.ts';
import { MOBILE, STREET, WORK_MAIL } from '../values.ts';

type Neighbours = {
  /** What is changed. */
  readonly path: string;
  readonly value: (userName: Conversation['userName'], name: string) => string;
  /** What stands beside it. */
  readonly beside: string;
  readonly kept: (userName: Conversation['userName'], name: string) => string;
};

/** Of the default mapping: three telephone numbers, six parts of an address. The second mail address is one that an administrator adds. */
const NEIGHBOURS: readonly Neighbours[] = [
  {
    path: MOBILE,
    value: () => '+1 425 555 0112',
    beside: 'phoneNumbers[type eq "work"].value',
    kept: () => '+1 425 555 0110',
  },
  {
    path: STREET,
    value: () => '2 New Way',
    beside: 'addresses[type eq "work"].locality',
    kept: () => 'Redmond',
  },
  {
    path: WORK_MAIL,
    value: (userName, name) => userName(`new-${name}`),
    beside: 'emails[type eq "home"].value',
    kept: (userName, name) => userName(`home-${name}`),
  },
];

export const neighbourChecks: readonly ConformanceCheck[] = inBothDialects(
  {
    id: 'update-keeps-neighbours',
    name: 'a change of one element leaves the others alone',
    area: 'updating users',
    category: 'mandatory',
    source: 'wire 6.4, 10.1',
    entra: 'believes the others are still there: they are lost until the user changes the next time, and then again',
    fix: 'let a path with a filter change what it names, in the element it selects: neither the list nor the element is replaced',
  },
  (mode) => async (talk) => {
    let judged = false;
    for (const one of NEIGHBOURS.filter(({ path }) => talk.survey.kept.has(path))) {
      const user = await makeUser(talk, (name) => ({ [one.beside]: one.kept(talk.userName, name) }));
      if ('kind' in user || !(await holds(talk, user, one.beside))) continue;
      const change = await sendUpdate(talk, user, mode, { [one.path]: one.value(talk.userName, user.name) });
      if (!isSuccess(change)) continue;
      judged = true;
      const verdict = await judgeChange(talk, change, user, { [one.beside]: one.kept(talk.userName, user.name) });
      if (verdict.kind !== 'met') return verdict;
    }
    return judged ? met : unjudged('no attribute keeps a second value that a change could lose');
  },
);

async function holds(talk: Conversation, user: Made, path: string): Promise<boolean> {
  const resource = asResource((await talk.send(getRequest('User', user.id))).body) ?? {};
  return readPath(resource, parseAttributePath(path)) !== undefined;
}
