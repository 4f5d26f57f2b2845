/** Where credentials would go: what the transport refuses once a cycle has begun is a finding before it. */
import { isLoopback, linkLocalReason } from '../model/host-address.ts';
import { errorFinding, type Finding } from './finding.ts';

export type Reach = { readonly allowInsecureHttp: boolean; readonly allowLinkLocal: boolean };

/** Reports plain http beyond this machine, and hosts that are no target; a text that is no URL is others' finding. */
export function checkReach(text: string, allowed: Reach, report: (finding: Finding) => void): void {
  if (!URL.canParse(text)) return;
  const { protocol, hostname } = new URL(text);
  const reason = allowed.allowLinkLocal ? undefined : linkLocalReason(hostname);
  if (reason !== undefined) {
    const summary = `${hostname} ${reason}; nothing is sent there. Correct the host name, or set allowLinkLocal: true if the application really is there.`;
    report(errorFinding('link-local-target', summary));
  } else if (protocol === 'http:' && !allowed.allowInsecureHttp && !isLoopback(hostname)) {
    const summary = `Plain http to ${hostname} would send the token unprotected. Use https, or set allowInsecureHttp: true if the network is yours.`;
    report(errorFinding('insecure-target', summary));
  }
}
