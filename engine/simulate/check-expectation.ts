/** Compares what a step expects with what was seen; every difference says both. */
import isEqual from 'lodash/isEqual.js';
import type { Accounts, JobStatus, SyncResult } from '../engine.ts';
import { addMilliseconds, parseOffset } from '../model/instant.ts';
import type { ProvisioningLogRecord } from '../model/provisioning-log.ts';
import { statusOf } from '../record/job-lifecycle.ts';
import type { News } from '../record/notification.ts';
import { parseAttributePath, readPath } from '../scim/attribute-path.ts';
import {
  type Expectation,
  type LogPattern,
  REQUEST_PATTERN,
  type RequestPattern,
  type WantedGroup,
} from './scenario.ts';
import type { SimulatedExchange } from './simulation.ts';

type Resource = Readonly<Record<string, unknown>>;

export type TargetState = { readonly users: readonly Resource[]; readonly groups: readonly Resource[] };

export type Seen = {
  readonly start: string;
  readonly cycles: readonly SyncResult[];
  /** What the administrator was told when something was refused. */
  readonly refusals: readonly string[];
  readonly accounts?: Accounts;
  /** What the application answered to somebody else, one for each request of the step. */
  readonly answers: readonly unknown[];
  readonly exchanges: readonly SimulatedExchange[];
  /** Undefined while there is no job. */
  readonly status?: JobStatus;
  readonly logs: readonly ProvisioningLogRecord[];
  readonly notifications: readonly News[];
  readonly target: TargetState;
};

/** One sentence per expectation that does not hold. */
export function checkExpectation(expect: Expectation, seen: Seen): readonly string[] {
  return [
    ...checkRefusals(expect.refused, seen.refusals),
    ...(expect.answers ?? []).flatMap((wanted, index) => checkAnswer(wanted, seen.answers[index])),
    ...checkCycles(expect, seen),
    ...checkRequests(expect, seen.exchanges),
    ...(expect.logs ?? []).flatMap((pattern) => checkLog(pattern, seen.logs)),
    ...checkJob(expect.job, seen),
    ...checkTarget(expect.target, seen.target),
    ...checkAccounts(expect.accounts, seen.accounts),
    ...difference('notifications', expect.notifications, seen.notifications.length),
  ];
}

/** `expected` undefined: not asked. */
function difference(what: string, expected: unknown, actual: unknown): readonly string[] {
  if (expected === undefined || isEqual(expected, actual)) return [];
  return [`${what}: expected ${show(expected)}, saw ${show(actual)}`];
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

/** A refusal that nobody expects is a failure too. */
function checkRefusals(expected: string | undefined, refusals: readonly string[]): readonly string[] {
  if (expected === undefined) return refusals.map((refusal) => `it was refused: ${refusal}`);
  if (refusals.some((refusal) => refusal.includes(expected))) return [];
  return [`a refusal that says ${show(expected)} is missing; there were ${refusals.join('; ') || 'none'}`];
}

function checkAnswer(wanted: Resource, answer: unknown): readonly string[] {
  const held = new Map(Object.entries(answer ?? {}));
  if (Object.entries(wanted).every(([name, value]) => contains(held.get(name) ?? null, value))) return [];
  return [`answer of the application: expected ${show(wanted)}, saw ${show(answer)}`];
}

function checkCycles(expect: Expectation, { cycles }: Seen): readonly string[] {
  const last = cycles.at(-1);
  const counts: Readonly<Record<string, number>> = last?.cycle.counts ?? {};
  return [
    ...difference('cycles', expect.cycles, cycles.length),
    ...difference('kind of the last cycle', expect.kind, last?.cycle.kind),
    ...Object.entries(expect.counts ?? {}).flatMap(([name, count]) =>
      difference(`${name} in the last cycle`, count, counts[name]),
    ),
  ];
}

function checkRequests(expect: Expectation, exchanges: readonly SimulatedExchange[]): readonly string[] {
  const found = (pattern: RequestPattern) => exchanges.some((exchange) => fits(pattern, exchange));
  const listed = exchanges.map(describe).join('\n      ') || 'none';
  const missing = (expect.sent ?? []).filter((pattern) => !found(pattern));
  const forbidden = (expect.notSent ?? []).filter(found);
  return [
    ...missing.map((pattern) => `request ${describePattern(pattern)} was not sent; sent were\n      ${listed}`),
    ...forbidden.map((pattern) => `request ${describePattern(pattern)} was sent`),
    ...(expect.writes === undefined ? [] : checkWrites(expect.writes, exchanges)),
  ];
}

/** Each write answers one pattern, and each pattern one write. */
function checkWrites(patterns: readonly RequestPattern[], exchanges: readonly SimulatedExchange[]): readonly string[] {
  const left = exchanges.filter(({ method }) => method !== 'GET');
  const missing: string[] = [];
  // Those that ask for a body first: a request that fits them must not answer a pattern without one.
  for (const pattern of [...patterns].sort((a, b) => Number(a.body === undefined) - Number(b.body === undefined))) {
    const index = left.findIndex((exchange) => fits(pattern, exchange));
    if (index < 0) missing.push(describePattern(pattern));
    else left.splice(index, 1);
  }
  return [
    ...missing.map((pattern) => `write ${pattern} was not sent`),
    ...left.map((exchange) => `write ${describe(exchange)} was not expected`),
  ];
}

function fits(pattern: RequestPattern, exchange: SimulatedExchange): boolean {
  const [, method = '*', path = '*'] = REQUEST_PATTERN.exec(pattern.request) ?? [];
  if (method !== '*' && method !== exchange.method) return false;
  const escaped = path.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (!new RegExp(`^${escaped.join('.*')}$`).test(decode(exchange.path))) return false;
  return pattern.body === undefined || contains(exchange.body, pattern.body);
}

/** Queries as a person writes them: `filter=userName eq "ana@contoso.com"`. */
function decode(path: string): string {
  return decodeURIComponent(path.replaceAll('+', ' '));
}

/** Whether `actual` holds everything `wanted` names, and nothing where it says null; of a list, some element must hold each wanted one. */
function contains(actual: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return Array.isArray(actual) && wanted.every((one) => actual.some((other) => contains(other, one)));
  }
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof actual !== 'object' || actual === null) return false;
    return Object.entries(wanted).every(([key, value]) => contains(Reflect.get(actual, key) ?? null, value));
  }
  return isEqual(actual, wanted);
}

function describe({ method, path, body, status }: SimulatedExchange): string {
  return `${method} ${decode(path)}${body === undefined ? '' : ` ${JSON.stringify(body)}`} → ${status}`;
}

function describePattern({ request, body }: RequestPattern): string {
  return body === undefined ? request : `${request} with ${JSON.stringify(body)}`;
}

function checkLog(pattern: LogPattern, logs: readonly ProvisioningLogRecord[]): readonly string[] {
  if (logs.some((record) => logFits(pattern, record))) return [];
  const listed = logs.map(describeLog).join('\n      ') || 'none';
  return [`log record ${JSON.stringify(pattern)} is missing; there were\n      ${listed}`];
}

function logFits(pattern: LogPattern, record: ProvisioningLogRecord): boolean {
  const { status, errorInformation } = record.provisioningStatusInfo;
  const names = [record.sourceIdentity.displayName, record.sourceIdentity.details.UserPrincipalName];
  const codes = [
    errorInformation?.errorCode,
    ...record.provisioningSteps.flatMap(({ details }) => [details.SkipReason, details.ErrorCode]),
  ];
  const texts = [errorInformation?.reason, ...record.provisioningSteps.map(({ description }) => description)];
  return (
    (pattern.object === undefined || names.includes(pattern.object)) &&
    (pattern.action === undefined || record.provisioningAction === pattern.action) &&
    (pattern.status === undefined || status === pattern.status) &&
    (pattern.modified === undefined || isEqual(pattern.modified, modifiedOf(record))) &&
    (pattern.code === undefined || codes.includes(pattern.code)) &&
    (pattern.says === undefined || texts.some((text) => text?.includes(pattern.says ?? '') === true))
  );
}

/** Every modified property with its value before and after. */
function modifiedOf({ modifiedProperties }: ProvisioningLogRecord): Readonly<Record<string, unknown>> {
  return Object.fromEntries(modifiedProperties.map((one) => [one.displayName, [one.oldValue, one.newValue]]));
}

function describeLog(record: ProvisioningLogRecord): string {
  const { status, errorInformation } = record.provisioningStatusInfo;
  const last = record.provisioningSteps.at(-1);
  const code = errorInformation?.errorCode ?? last?.details.SkipReason ?? last?.details.ErrorCode ?? '';
  const name = record.sourceIdentity.details.UserPrincipalName ?? record.sourceIdentity.displayName;
  return `${name} ${record.provisioningAction} ${status} ${code} ${errorInformation?.reason ?? ''}`.trim();
}

function checkJob(expect: Expectation['job'], { status, start }: Seen): readonly string[] {
  if (expect === undefined) return [];
  if (status === undefined) return ['there is no job yet'];
  const { record } = status;
  const present = statusOf(record);
  const next =
    expect.nextAttempt === undefined ? undefined : addMilliseconds(start, parseOffset(expect.nextAttempt) ?? 0);
  return [
    ...difference('status', expect.status, present.status),
    ...difference('schedule', expect.schedule, present.scheduleState),
    ...difference('quarantine', expect.quarantine, record?.quarantine?.reason ?? null),
    ...difference('escrows', expect.escrows, status.escrows.objects + status.escrows.references),
    ...difference('held deprovisions', expect.held, status.stagedDeprovisions),
    ...difference('linked users', expect.users, status.links.User),
    ...difference('linked groups', expect.groups, status.links.Group),
    ...difference('minutes between cycles', expect.minutes, status.intervalMs / 60_000),
    ...(expect.idStartsWith === undefined || status.jobId.startsWith(`${expect.idStartsWith}.`)
      ? []
      : difference('job id', `${expect.idStartsWith}.…`, status.jobId)),
    ...difference('next attempt', next, record?.quarantine?.nextAttempt),
  ];
}

function checkTarget(expect: Expectation['target'], target: TargetState): readonly string[] {
  if (expect === undefined) return [];
  const users = Object.entries(expect.users ?? {}).flatMap(([name, attributes]) => {
    const account = target.users.find(({ userName, externalId }) => sameName(userName ?? externalId, name));
    return checkResource(`account ${name}`, account, attributes);
  });
  const groups = Object.entries(expect.groups ?? {}).flatMap(([name, wanted]) => checkGroup(name, wanted, target));
  return [...users, ...groups, ...difference('accounts', expect.userCount, target.users.length)];
}

function checkAccounts(expect: Expectation['accounts'], accounts: Accounts | undefined): readonly string[] {
  if (expect === undefined) return [];
  if (accounts === undefined) return ['the accounts were not read'];
  const byMail = accounts.matched.filter(({ by }) => by === 'mail').map(({ account }) => account.name);
  return [
    ...difference('accounts read', expect.read, accounts.read),
    ...difference('pages read', expect.pages, accounts.pages),
    ...difference('accounts matched by address', expect.byMail, byMail),
    ...difference(
      'locked out',
      expect.lockedOut,
      accounts.lockedOut.map(({ name }) => name),
    ),
  ];
}

function sameName(actual: unknown, wanted: string): boolean {
  return typeof actual === 'string' && actual.toLowerCase() === wanted.toLowerCase();
}

function checkResource(what: string, resource: Resource | undefined, wanted: Resource | null): readonly string[] {
  if (wanted === null) return resource === undefined ? [] : [`${what}: expected none, saw ${JSON.stringify(resource)}`];
  if (resource === undefined) return [`${what}: there is none`];
  return Object.entries(wanted).flatMap(([path, value]) => {
    const actual = readPath(resource as never, parseAttributePath(path)) ?? null;
    return difference(`${what}, ${path}`, value, actual);
  });
}

function checkGroup(name: string, wanted: WantedGroup | null, target: TargetState): readonly string[] {
  const group = target.groups.find(({ displayName }) => displayName === name);
  if (wanted === null || group === undefined) return checkResource(`group ${name}`, group, wanted === null ? null : {});
  const { members, ...attributes } = wanted;
  const ids = (Array.isArray(group.members) ? group.members : []).map((member: { value?: unknown }) => member.value);
  const names = ids.map((id) => nameOf(id, target)).sort();
  return [
    ...checkResource(`group ${name}`, group, attributes),
    ...(members === undefined ? [] : difference(`members of ${name}`, [...members].sort(), names)),
  ];
}

function nameOf(id: unknown, target: TargetState): string {
  const user = target.users.find((one) => one.id === id);
  const group = target.groups.find((one) => one.id === id);
  return String(user?.userName ?? group?.displayName ?? id);
}
