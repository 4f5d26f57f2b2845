/** Roles and permissions that callers of the management API can have. */

/** Directory roles that management calls ask for (gallery.md GC-30, WA-08). */
export const API_ROLES = [
  'Application Administrator',
  'Cloud Application Administrator',
  'Application Owner',
  'Global Administrator',
] as const;
export type ApiRole = (typeof API_ROLES)[number];

/** Graph permissions that some call asks for (graph-api.md 1.5, gallery.md WM-13). */
export const API_PERMISSIONS = [
  'Directory.ReadWrite.All',
  'Directory.Read.All',
  'Synchronization.ReadWrite.All',
  'Synchronization.Read.All',
  'Application.ReadWrite.All',
  'Application.ReadWrite.OwnedBy',
  'Application.Read.All',
  'AuditLog.Read.All',
] as const;
export type ApiPermission = (typeof API_PERMISSIONS)[number];
