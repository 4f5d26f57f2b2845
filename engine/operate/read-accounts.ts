/**
 * Every account of the target beside the directory, as Okta's import and its check before single sign-on see them: who is whom,
 * who is nobody, who would be locked out (gallery.md OK-08, OK-11, 5.2). Only reads.
 */
import { evaluateRow } from '../map/map-object.ts';
import { EngineError } from '../model/engine-error.ts';
import type { ScimResource } from '../model/scim-message.ts';
import { identityOf, toSubject } from '../plan/subject.ts';
import { parseAttributePath, readPath } from '../scim/attribute-path.ts';
import { type EnginePorts, type JobPorts, neverAborted, openCycle } from './job-ports.ts';

type Account = { readonly id: string; readonly name: string; readonly active: boolean };

export type Accounts = {
  readonly job: string;
  /** How many accounts were read, in how many pages. */
  readonly read: number;
  readonly pages: number;
  /** Accounts that a user of the directory has by the matching attribute, or by the same work address. */
  readonly matched: readonly { readonly account: Account; readonly user: string; readonly by: 'name' | 'mail' }[];
  /** Accounts without a user. */
  readonly unmatched: readonly Account[];
  /** Active accounts whose user is not in scope, or that have none: with sign-on through the directory they could not get in. */
  readonly lockedOut: readonly Account[];
  /** Accounts whose name is not their address. */
  readonly named: readonly { readonly account: Account; readonly mail: string }[];
};

type Person = { readonly name: string; readonly inScope: boolean };

const MAIL = parseAttributePath('emails[type eq "work"].value');

/** @throws EngineError `job` when the target cannot be read; `configuration`, `no-user-mapping` */
export async function readAccounts(
  ports: EnginePorts,
  job: JobPorts,
  { signal = neverAborted() }: { readonly signal?: AbortSignal } = {},
): Promise<Accounts> {
  const people = await indexPeople(ports, job, signal);
  const target = await job.openTarget();
  const matched: Accounts['matched'][number][] = [];
  const unmatched: Account[] = [];
  const lockedOut: Account[] = [];
  const named: Accounts['named'][number][] = [];
  let read = 0;
  let pages = 0;
  // What the target said at first: it must not promise more and more.
  let total = 0;
  let last: ReadonlySet<string> = new Set();
  try {
    for (;;) {
      const { resources, totalResults } = await target.page('User', read + 1, signal);
      pages += 1;
      read += resources.length;
      if (pages === 1) total = totalResults;
      const ids = new Set(resources.map(({ id }) => String(id)));
      assertGoesOn(ids, last, read);
      last = ids;
      for (const resource of resources) {
        const { account, mail } = toAccount(resource);
        const byName = people.byName.get(account.name.toLowerCase());
        const person = byName ?? people.byMail.get(mail.toLowerCase());
        if (person === undefined) unmatched.push(account);
        else matched.push({ account, user: person.name, by: byName === undefined ? 'mail' : 'name' });
        if (account.active && person?.inScope !== true) lockedOut.push(account);
        if (mail !== '' && mail.toLowerCase() !== account.name.toLowerCase()) named.push({ account, mail });
      }
      if (resources.length === 0 || read >= total) break;
    }
  } finally {
    await target.close();
  }
  return { job: job.job.name, read, pages, matched, unmatched, lockedOut, named };
}

/** More accounts than any tenant has: a target that gives them does not end. */
const MOST = 2_000_000;

/** Pages that come again, or without end, are refused: they would cost time and memory for ever. @throws EngineError `job` */
function assertGoesOn(ids: ReadonlySet<string>, before: ReadonlySet<string>, read: number): void {
  const comesAgain = ids.size > 0 && [...ids].every((id) => before.has(id));
  if (!comesAgain && read <= MOST) return;
  const why = comesAgain ? 'gives the same page again for the next startIndex' : `gives more than ${MOST} accounts`;
  throw new EngineError(`the target ${why}`, {
    category: 'job',
    code: 'PagingIgnored',
    remedy: 'see how it pages: scimulate conform --only page-users',
  });
}

/** The users of the directory by the value that finds their account, and by their address. */
async function indexPeople(ports: EnginePorts, job: JobPorts, signal: AbortSignal) {
  const byName = new Map<string, Person>();
  const byMail = new Map<string, Person>();
  const mapping = job.job.mappings.find(({ type }) => type === 'User');
  if (mapping === undefined) return { byName, byMail };
  // A copy: looking must not take notice of changes that the next cycle has to find.
  const store = await ports.store.copy();
  try {
    const cycle = await openCycle(ports, job, { store, reader: job.openHeldTarget(store), signal });
    const until = await cycle.directory.refresh(signal);
    for await (const { changes } of cycle.directory.changes({ until, pageSize: job.job.pageSize })) {
      for (const change of changes) {
        if (change.kind !== 'present' || change.object.type !== 'User') continue;
        const { rules } = job.job;
        const { context } = job;
        const input = {
          mapping,
          object: change.object,
          known: true,
          link: undefined,
          escrow: undefined,
          rules,
          context,
        };
        const { attributes, scope } = toSubject(input);
        const { userPrincipalName, displayName } = identityOf(change.object);
        const person = { name: userPrincipalName ?? displayName, inScope: scope.inScope };
        const [first] = mapping.matching;
        const value = first === undefined ? undefined : evaluateRow(first, attributes, context);
        if (typeof value === 'string') byName.set(value.toLowerCase(), person);
        if (typeof attributes.mail === 'string') byMail.set(attributes.mail.toLowerCase(), person);
      }
    }
  } finally {
    await store.close();
  }
  return { byName, byMail };
}

function toAccount(resource: ScimResource): { readonly account: Account; readonly mail: string } {
  const { id, userName, externalId, active } = resource;
  const name = String(userName ?? externalId ?? id);
  const mail = readPath(resource, MAIL);
  return {
    account: { id: String(id), name, active: active !== false },
    mail: typeof mail === 'string' ? mail : '',
  };
}
