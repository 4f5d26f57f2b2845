/** What belongs to the process and not to a job: daemon settings and the mail server. */
import { DAY } from '../model/instant.ts';
import type { Configuration, DaemonConfiguration } from './configuration.ts';
import { readDuration } from './duration-setting.ts';
import { errorFinding, type Report } from './finding.ts';
import { type Environment, resolveSecret } from './secrets.ts';

export type YamlDaemon = {
  readonly listen?: string;
  readonly lease?: string;
  readonly shutdown?: string;
  readonly logRetention?: string;
};

type YamlMail = { readonly smtp: string; readonly from?: string };

const LARGEST_PORT = 65_535;
/** What a timer measures. */
const LONGEST_WAIT = DAY;
const LONGEST_RETENTION = 36_500 * DAY;

/** The settings with defaults filled in; places are relative to `daemon`. */
export function loadDaemon(daemon: YamlDaemon | undefined, report: Report): DaemonConfiguration {
  const listen = daemon?.listen ?? '127.0.0.1:9464';
  if (listen !== 'off' && !isAddress(listen)) {
    const summary = `"${listen}" is not an address. Write host:port, or off; ports go up to ${LARGEST_PORT}.`;
    report(['listen'], errorFinding('bad-address', summary));
  }
  const duration = (key: 'lease' | 'shutdown' | 'logRetention', standard: string, longest: number): number =>
    readDuration(daemon?.[key] ?? standard, longest, (finding) => report([key], finding)) ?? 0;
  return {
    listen,
    leaseMs: duration('lease', 'PT30S', LONGEST_WAIT),
    shutdownMs: duration('shutdown', 'PT10S', LONGEST_WAIT),
    logRetentionMs: duration('logRetention', 'P30D', LONGEST_RETENTION),
  };
}

function isAddress(text: string): boolean {
  const port = /^.+:(\d{1,5})$/.exec(text)?.[1];
  return port !== undefined && Number(port) <= LARGEST_PORT;
}

/** The mail server, its URL resolved; undefined when there is none or the secret cannot be had. */
export function loadMail(
  mail: YamlMail | undefined,
  env: Environment,
  resolvePath: (path: string) => string,
  report: Report,
): Configuration['mail'] {
  if (mail === undefined) return undefined;
  const smtp = resolveSecret(mail.smtp, env, resolvePath);
  if ('problem' in smtp) {
    report(['mail', 'smtp'], errorFinding(smtp.code, smtp.problem));
    return undefined;
  }
  return { smtp: smtp.value, from: mail.from ?? 'scimulate@localhost' };
}
