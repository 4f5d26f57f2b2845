/** Name resolution that refuses link-local and metadata addresses: checked where the connection is made, not only in the URL. */
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { EngineError } from '../model/engine-error.ts';
import { linkLocalReason } from '../model/host-address.ts';

/** `resolve` (the system's by default) with every address checked; one bad address refuses the name, whatever its others. */
export function guardedLookup(resolve: LookupFunction = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, options, (error, address, family) => {
      const found = typeof address === 'string' ? [address] : (address ?? []).map((one) => one.address);
      const refused =
        error === null ? found.map((one) => refusal(hostname, one)).find((one) => one !== undefined) : undefined;
      callback(refused ?? error, address, family);
    });
  };
}

/** Why nothing is sent to `host`; `resolved` is the address its name stands for. */
export function refusal(host: string, resolved?: string): EngineError | undefined {
  const reason = linkLocalReason(resolved ?? host);
  if (reason === undefined) return undefined;
  const what = resolved === undefined || resolved === host ? host : `${host} (${resolved})`;
  return new EngineError(`${what} ${reason}; nothing is sent there`, {
    category: 'configuration',
    code: 'link-local-target',
    remedy: 'correct the host name, or set target.allowLinkLocal: true if the application really is there',
  });
}

function systemLookup(
  hostname: string,
  options: LookupOptions,
  callback: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void,
): void {
  lookup(hostname, options, callback);
}
