/** The URL the administrator enters: SCIM base, Entra's flags, and what else the query holds (scim-wire.md 1.4). */
import { EngineError } from '../model/engine-error.ts';
import type { PatchMode } from '../model/scim-message.ts';

export type TenantUrl = {
  /** Origin and path without trailing slashes. */
  readonly base: string;
  readonly origin: string;
  readonly patchMode: PatchMode;
  /** Query parameters that are no flags, appended to every request; empty text when none. */
  readonly extraQuery: string;
};

/** Flags as Entra writes them, and the dialect that each asks for. Case does not matter. */
export const URL_FLAGS: Readonly<Record<string, PatchMode>> = {
  aadOptscim062020: 'aadOptscim062020',
  AzureAdScimPatch2017: 'legacy',
};

const MODES: ReadonlyMap<string, PatchMode> = new Map(
  Object.entries(URL_FLAGS).map(([flag, mode]) => [flag.toLowerCase(), mode]),
);

/** An address as it may be repeated: what stands before @ may be a password. */
export function withoutUser(text: string): string {
  return text.replace(/[^/\s]*@/, '***@');
}

/** The parts of `text`. @throws EngineError `configuration`, code `bad-tenant-url` */
export function parseTenantUrl(text: string): TenantUrl {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new EngineError(`"${withoutUser(text)}" is not a URL of a SCIM endpoint`, {
      category: 'configuration',
      code: 'bad-tenant-url',
      remedy: 'give it with scheme, e.g. https://app.example.com/scim',
    });
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    throw new EngineError('the URL of the SCIM endpoint holds a user name or password', {
      category: 'configuration',
      code: 'bad-tenant-url',
      remedy: 'remove it from the URL and set target.auth instead',
    });
  }
  const rest: string[] = [];
  let patchMode: PatchMode = 'legacy';
  for (const parameter of url.search.slice(1).split('&')) {
    const mode = MODES.get(parameter.split('=')[0]?.toLowerCase() ?? '');
    if (mode !== undefined) patchMode = mode;
    else if (parameter !== '') rest.push(parameter);
  }
  return {
    base: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    origin: url.origin,
    patchMode,
    extraQuery: rest.join('&'),
  };
}
