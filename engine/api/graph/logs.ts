/** `/auditLogs/provisioning`: newest first, a filter in memory over what the store could narrow down (graph-api.md 11). */
import type { ProvisioningLogRecord } from '../../model/provisioning-log.ts';
import type { LogQuery, Store, StoredLogRecord } from '../../ports.ts';
import { GraphError, notFound } from './graph-error.ts';
import { collection, type GraphVersion, type Handler } from './graph-request.ts';
import { actionOf, betaActionOf, logView } from './log-view.ts';
import { compileFilter, conjuncts, type Property } from './odata-filter.ts';
import type { FilterNode } from './odata-parse.ts';
import { nextLink, sizeOf, skipOf } from './paging.ts';
import { selected } from './query-options.ts';
import { ok } from './reply.ts';

/** Records read from the store at a time. */
const CHUNK = 500;

export const listLogs: Handler = async (context) => {
  const { query, version, store } = context;
  const oldestFirst = isOldestFirst(query.orderby);
  const fits = query.filter === undefined ? () => true : compileFilter(query.filter, propertyOf(version));
  const narrowed = query.filter === undefined ? {} : narrow(conjuncts(query.filter));
  const start = skipOf(query);
  const size = sizeOf(query);
  const found: StoredLogRecord[] = [];
  for await (const stored of walk(store, narrowed, { oldestFirst, ...(start === undefined ? {} : { start }) })) {
    if (!fits(stored.record)) continue;
    found.push(stored);
    // One more than the page tells whether another follows.
    if (found.length > size) break;
  }
  const page = found.slice(0, size);
  const next = found.length > size ? page.at(-1)?.position : undefined;
  const views = page.map(({ record }) => selected(logView(record, version), query.select));
  const reply = collection(context, 'auditLogs/provisioning', views);
  return { ...reply, body: { ...(reply.body as object), ...nextLink(context, next) } };
};

export const getLog: Handler = async (context) => {
  const { store, params, version, root } = context;
  for await (const { record } of walk(store, {}, { oldestFirst: false })) {
    if (record.id !== params.id) continue;
    return ok({ '@odata.context': `${root}/$metadata#auditLogs/provisioning/$entity`, ...logView(record, version) });
  }
  throw notFound(`There is no provisioning log entry '${params.id}'.`);
};

/** Records in order, after (or before) the position `start`. */
async function* walk(
  store: Store,
  narrowed: LogQuery,
  { oldestFirst, start }: { readonly oldestFirst: boolean; readonly start?: number },
): AsyncGenerator<StoredLogRecord> {
  let at = start;
  for (;;) {
    const from = oldestFirst ? 'oldest' : 'newest';
    const edge = at === undefined ? {} : oldestFirst ? { after: at } : { before: at };
    const rows = await store.logs({ ...narrowed, ...edge, limit: CHUNK, from });
    yield* oldestFirst ? rows : rows.toReversed();
    if (rows.length < CHUNK) return;
    at = (oldestFirst ? rows.at(-1) : rows[0])?.position;
  }
}

function isOldestFirst(orderby: string | undefined): boolean {
  if (orderby === undefined) return false;
  const [, direction = 'asc'] = /^\s*activityDateTime(?:\s+(asc|desc))?\s*$/i.exec(orderby) ?? [undefined, ''];
  if (direction !== '') return direction.toLowerCase() === 'asc';
  throw new GraphError(
    400,
    'Request_UnsupportedQuery',
    `Provisioning logs are ordered by activityDateTime only, not by "${orderby}".`,
  );
}

/** The part of a filter that the store can answer from its columns. The filter itself is still asked. */
function narrow(parts: readonly FilterNode[]): LogQuery {
  let query: LogQuery = {};
  for (const part of parts) {
    if (part.kind !== 'compare' || part.left.kind !== 'path' || part.right.kind !== 'literal') continue;
    const { value } = part.right;
    if (typeof value !== 'string') continue;
    const path = part.left.path.join('/');
    if (part.operator === 'eq' && path === 'jobid') query = { ...query, jobId: value };
    if (part.operator === 'eq' && path === 'cycleid') query = { ...query, cycleId: value };
    if (path !== 'activitydatetime' || Number.isNaN(Date.parse(value))) continue;
    const instant = new Date(value).toISOString();
    if (part.operator === 'gt' || part.operator === 'ge') query = { ...query, since: instant };
    if (part.operator === 'lt' || part.operator === 'le') query = { ...query, until: instant };
  }
  return query;
}

type Reader = (record: ProvisioningLogRecord) => string | null | undefined;

/** Texts that filters can use, by lower-case path (graph-api.md 11.4). */
const TEXTS: ReadonlyMap<string, Reader> = new Map(
  Object.entries<Reader>({
    id: (record) => record.id,
    changeid: (record) => record.changeId,
    cycleid: (record) => record.cycleId,
    jobid: (record) => record.jobId,
    tenantid: (record) => record.tenantId,
    // The documentation filters by the structure itself (graph-api.md 11.4).
    initiatedby: (record) => record.initiatedBy.displayName,
    'initiatedby/id': (record) => record.initiatedBy.id,
    'initiatedby/displayname': (record) => record.initiatedBy.displayName,
    'initiatedby/initiatortype': (record) => record.initiatedBy.initiatorType,
    'provisioningstatusinfo/status': (record) => record.provisioningStatusInfo.status,
    'provisioningstatusinfo/errorinformation/errorcode': (record) =>
      record.provisioningStatusInfo.errorInformation?.errorCode,
    'serviceprincipal/id': (record) => record.servicePrincipal.id,
    'serviceprincipal/displayname': (record) => record.servicePrincipal.displayName,
    'sourceidentity/id': (record) => record.sourceIdentity.id,
    'sourceidentity/displayname': (record) => record.sourceIdentity.displayName,
    'sourceidentity/identitytype': (record) => record.sourceIdentity.identityType,
    'targetidentity/id': (record) => record.targetIdentity.id,
    'targetidentity/displayname': (record) => record.targetIdentity.displayName,
    'targetidentity/identitytype': (record) => record.targetIdentity.identityType,
    'sourcesystem/displayname': (record) => record.sourceSystem.displayName,
    'targetsystem/displayname': (record) => record.targetSystem.displayName,
  }),
);

/** Members that only beta has. */
const BETA_TEXTS: ReadonlyMap<string, Reader> = new Map(
  Object.entries<Reader>({
    'statusinfo/status': (record) => record.provisioningStatusInfo.status,
    action: (record) => betaActionOf(record),
  }),
);

function propertyOf(version: GraphVersion) {
  return (path: readonly string[]): Property<ProvisioningLogRecord> | undefined => {
    const name = path.join('/');
    if (name === 'activitydatetime') return { kind: 'time', of: (record) => record.activityDateTime };
    if (name === 'durationinmilliseconds') return { kind: 'number', of: (record) => record.durationInMilliseconds };
    // The enumeration has been spelt in lower case as well.
    if (name === 'provisioningaction') return { kind: 'text', caseless: true, of: actionOf };
    const of = TEXTS.get(name) ?? (version === 'beta' ? BETA_TEXTS.get(name) : undefined);
    return of === undefined ? undefined : { kind: 'text', of };
  };
}
