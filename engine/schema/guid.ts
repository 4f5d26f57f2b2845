/** Ids for rules and directories that come without one: the same for the same name, so that exports can be compared. */
import { reproducibleBytes } from '../expression/reproducible-bytes.ts';

/** A GUID that follows from `name` alone. Version 8 (RFC 9562): neither random nor time. */
export function guidOf(name: string): string {
  const hex = [...reproducibleBytes(name)(16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join('-');
}
