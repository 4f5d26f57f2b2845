/** Job ids in the service's shape (cycle.md 1.4). */
import { createHash } from 'node:crypto';

/**
 * `<template>.<tenant, 32 hex>.<uuid>`; the uuid is version 5 in form and depends on tenant and name alone,
 * so that state is found again.
 */
export function jobIdOf(template: string, tenantId: string, name: string): string {
  const digest = createHash('sha1').update(`${tenantId.toLowerCase()}/${name}`).digest('hex');
  const variant = ((Number.parseInt(digest.slice(16, 18), 16) & 0x3f) | 0x80).toString(16).padStart(2, '0');
  const uuid = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `5${digest.slice(13, 16)}`,
    `${variant}${digest.slice(18, 20)}`,
    digest.slice(20, 32),
  ].join('-');
  return `${template}.${tenantId.replaceAll('-', '').toLowerCase()}.${uuid}`;
}
