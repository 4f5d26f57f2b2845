/** Flags of the tenant URL: a misspelt one changes nothing, and goes along with every request instead. */
import { suggest } from '../model/suggest.ts';
import { type TenantUrl, URL_FLAGS } from '../scim/tenant-url.ts';
import { type Finding, warningFinding } from './finding.ts';

/** Findings about parameters of `entered` that are nearly a flag; other parameters are the application's own. */
export function checkFlags(entered: string, { extraQuery }: TenantUrl): readonly Finding[] {
  return extraQuery.split('&').flatMap((parameter) => {
    const [name = ''] = parameter.split('=');
    const near = suggest(name, Object.keys(URL_FLAGS));
    if (name === '' || near === undefined) return [];
    const summary = `"${name}" is no flag: it is sent with every request. Did you mean ${near}?`;
    const offset = Math.max(0, entered.indexOf(name));
    return [{ ...warningFinding('misspelt-flag', summary), offset, length: name.length }];
  });
}
