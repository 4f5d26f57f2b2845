/**
 * Which hosts a token may be sent to: addresses and names in the canonical form that `URL` and the resolver give.
 * `URL` has already turned decimal, octal, hexadecimal and dotted forms of IPv4 into one (WHATWG URL, "ends in a number").
 */

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/i;

/** Names under which clouds serve the credentials of the machine itself. */
const METADATA_NAMES: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'instance-data',
  'instance-data.ec2.internal',
]);

/** Metadata services outside of the link-local ranges: Alibaba, Oracle, Azure, Amazon, Google. */
const METADATA_ADDRESSES: ReadonlySet<string> = new Set([
  '100.100.100.200',
  '192.0.0.192',
  '168.63.129.16',
  'fd00:ec2:0:0:0:0:0:254',
  'fd20:ce:0:0:0:0:0:254',
]);

/** Whether `hostname` of a URL is this machine by name or number; a name that merely begins like one is not. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

/** Why no target is expected at `host`, a URL's hostname or an address; undefined when one may be there. */
export function linkLocalReason(host: string): string | undefined {
  const plain = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  if (METADATA_NAMES.has(plain)) return 'is the metadata service of a cloud machine';
  const groups = ipv6Groups(plain);
  if (groups === undefined) return ipv4Reason(plain);
  if (METADATA_ADDRESSES.has(groups.map((group) => group.toString(16)).join(':'))) {
    return 'is the metadata service of a cloud machine';
  }
  // fe80::/10
  if (((groups[0] ?? 0) & 0xffc0) === 0xfe80) return 'is a link-local address';
  const embedded = embeddedIpv4(groups);
  return embedded === undefined ? undefined : ipv4Reason(embedded);
}

function ipv4Reason(address: string): string | undefined {
  if (METADATA_ADDRESSES.has(address)) return 'is the metadata service of a cloud machine';
  return /^169\.254(\.\d+){2}$/.test(address) ? 'is a link-local address' : undefined;
}

/** The IPv4 address inside of a mapped, compatible, NAT64 or 6to4 address (RFC 4291, 6052, 3056). */
function embeddedIpv4(groups: readonly number[]): string | undefined {
  const dotted = (high = 0, low = 0) => [high >> 8, high & 255, low >> 8, low & 255].join('.');
  if (groups[0] === 0x2002) return dotted(groups[1], groups[2]);
  const prefix = groups
    .slice(0, 6)
    .map((group) => group.toString(16))
    .join(':');
  return /^(0:0:0:0:0:(0|ffff)|64:ff9b:0:0:0:0)$/.test(prefix) ? dotted(groups[6], groups[7]) : undefined;
}

/** The eight groups of an IPv6 address; undefined for anything else. */
function ipv6Groups(text: string): readonly number[] | undefined {
  if (!text.includes(':')) return undefined;
  const hex = (text.split('%')[0] ?? '').replace(
    /(\d+)\.(\d+)\.(\d+)\.(\d+)$/,
    (_match, a: string, b: string, c: string, d: string) =>
      `${(Number(a) * 256 + Number(b)).toString(16)}:${(Number(c) * 256 + Number(d)).toString(16)}`,
  );
  const [head = '', tail] = hex.split('::');
  const parse = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const before = parse(head);
  const after = parse(tail ?? '');
  return [...before, ...new Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0), ...after];
}
