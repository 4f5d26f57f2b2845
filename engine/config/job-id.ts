/** Ids in the service's shape, for jobs (cycle.md 1.4) and what they belong to (graph-api.md 6.2, 12). */
import { createHash } from 'node:crypto';

/**
 * `<template>.<tenant, 32 hex>.<uuid>`; the uuid depends on tenant and name alone, so that state is found again.
 */
export function jobIdOf(template: string, tenantId: string, name: string): string {
  return `${template}.${tenantId.replaceAll('-', '').toLowerCase()}.${uuidIn(tenantId, name)}`;
}

/** The service principal of an application: that of its log records, too. */
export function servicePrincipalIdOf(tenantId: string, application: string): string {
  return uuidIn(tenantId, application);
}

/** The application's client id. Another thing than its service principal. */
export function appIdOf(tenantId: string, application: string): string {
  return uuidIn(tenantId, `application/${application}`);
}

/** Version 5 in form; the same for the same tenant and name. */
function uuidIn(tenantId: string, name: string): string {
  const digest = createHash('sha1').update(`${tenantId.toLowerCase()}/${name}`).digest('hex');
  const variant = ((Number.parseInt(digest.slice(16, 18), 16) & 0x3f) | 0x80).toString(16).padStart(2, '0');
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `5${digest.slice(13, 16)}`,
    `${variant}${digest.slice(18, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}
