/** Where the package lies: its mappings, fixtures and schemas are files beside the code, whether that runs built or from source. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const PACKAGE = dirname(createRequire(import.meta.url).resolve('scimulate/package.json'));

/** Absolute path of a file or folder that the package ships, e.g. `shipped('mappings', 'scim.yaml')`. */
export function shipped(...path: readonly string[]): string {
  return join(PACKAGE, ...path);
}
