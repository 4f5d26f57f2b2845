/** The tenant URL as administrators enter it (scim-wire.md 1.4). */
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../engine/model/engine-error.ts';
import { parseTenantUrl } from '../../../engine/scim/tenant-url.ts';

describe('parseTenantUrl', () => {
  it.each([
    ['https://api.contoso.com/scim/', 'https://api.contoso.com/scim', 'legacy', ''],
    ['https://host.example/scim?aadOptscim062020', 'https://host.example/scim', 'aadOptscim062020', ''],
    ['https://host.example/scim/v2/?AADOPTSCIM062020=', 'https://host.example/scim/v2', 'aadOptscim062020', ''],
    ['https://host.example/?AzureAdScimPatch2017', 'https://host.example', 'legacy', ''],
    ['https://host.example/scim//?a=1&aadOptscim062020&b', 'https://host.example/scim', 'aadOptscim062020', 'a=1&b'],
    ['http://127.0.0.1:8801/', 'http://127.0.0.1:8801', 'legacy', ''],
  ])('reads %s', (text, base, patchMode, extraQuery) => {
    expect(parseTenantUrl(text)).toMatchObject({ base, patchMode, extraQuery });
  });

  it.each([
    '',
    'scim.example/v2',
    'ftp://host.example/scim',
    'https://ada:secret@host.example/scim',
    'ftp://ada:secret@host.example/scim',
    'ada:secret@host.example/scim',
  ])('refuses "%s" with a remedy', (text) => {
    const attempt = () => parseTenantUrl(text);
    expect(attempt).toThrow(EngineError);
    expect(attempt).toThrow(
      expect.objectContaining({ category: 'configuration', code: 'bad-tenant-url', remedy: expect.any(String) }),
    );
    expect(attempt).not.toThrow(/secret/);
  });
});
