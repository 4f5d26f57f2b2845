/** Who may do what: bearer keys with Graph permissions and directory roles (graph-api.md 1.5, gallery.md GC-30, WM-13, WA-08). */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiPermission, ApiRole } from '../../config/api-access.ts';
import type { ApiKey } from '../../config/configuration.ts';
import { denied, GraphError } from './graph-error.ts';

/** Kinds of access that routes ask for. */
export type Access =
  /** Looking up service principals. */
  | 'principals'
  /** Listing, creating and deleting jobs: the calls of the Workplace document. */
  | 'jobs'
  | 'read'
  | 'write'
  | 'logs';

const ANY_OF: Readonly<Record<Access, readonly ApiPermission[]>> = {
  principals: [
    'Application.Read.All',
    'Application.ReadWrite.All',
    'Application.ReadWrite.OwnedBy',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
    'Synchronization.Read.All',
    'Synchronization.ReadWrite.All',
  ],
  jobs: ['Directory.ReadWrite.All'],
  read: [
    'Synchronization.Read.All',
    'Synchronization.ReadWrite.All',
    'Directory.ReadWrite.All',
    'Application.ReadWrite.OwnedBy',
  ],
  write: ['Synchronization.ReadWrite.All', 'Directory.ReadWrite.All', 'Application.ReadWrite.OwnedBy'],
  logs: ['AuditLog.Read.All'],
};

/** Templates whose documents leave Global Administrator out (gallery.md GC-30). */
const WITHOUT_GLOBAL: ReadonlySet<string> = new Set([
  'FacebookWorkplace',
  'FacebookAtWorkOutDelta',
  'MetaNetworksConnector',
]);

/** The caller of that bearer token. @throws GraphError 401 */
export function authenticate(keys: readonly ApiKey[], authorization: string | null): ApiKey {
  const [, token] = /^Bearer\s+(\S+)$/i.exec(authorization ?? '') ?? [];
  const caller = token === undefined ? undefined : keys.find(({ key }) => sameText(key, token));
  if (caller !== undefined) return caller;
  const message =
    token === undefined
      ? 'Access token is empty. Send one: Authorization: Bearer <a key of "api" in the configuration>.'
      : 'Access token validation failure. No key of "api" in the configuration is this token.';
  throw new GraphError(401, 'InvalidAuthenticationToken', message);
}

/** Takes the same time wherever the texts begin to differ. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** @throws GraphError 403 when the caller has none of the permissions */
export function requirePermission({ name, permissions }: ApiKey, access: Access): void {
  const wanted = ANY_OF[access];
  if (wanted.some((permission) => permissions.includes(permission))) return;
  const list = wanted.length === 1 ? wanted[0] : `one of ${wanted.join(', ')}`;
  throw denied(`${name} needs the permission ${list}.`);
}

/** @throws GraphError 403 when the caller has no role that manages jobs of `application`, which come from `templates` */
export function requireRole(caller: ApiKey, application: string, templates: readonly string[]): void {
  const roles: readonly ApiRole[] = [
    'Application Administrator',
    'Cloud Application Administrator',
    ...(caller.owns.includes(application) ? (['Application Owner'] as const) : []),
    ...(templates.some((template) => WITHOUT_GLOBAL.has(template)) ? [] : (['Global Administrator'] as const)),
  ];
  if (caller.roles.some((role) => roles.includes(role))) return;
  throw denied(`${caller.name} has no role that manages provisioning of ${application}: ${roles.join(', ')}.`);
}
