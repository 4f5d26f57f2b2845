/** What belongs to the process and not to a job: daemon settings and the mail server. */
import { parseDuration } from '../model/instant.ts';
import type { Configuration, DaemonConfiguration } from './configuration.ts';
import { errorFinding, type Report } from './finding.ts';
import { type Environment, resolveSecret } from './secrets.ts';

export type YamlDaemon = {
  readonly listen?: string;
  readonly lease?: string;
  readonly shutdown?: string;
  readonly logRetention?: string;
};

type YamlMail = { readonly smtp: string; readonly from?: string };

/** The settings with defaults filled in; places are relative to `daemon`. */
export function loadDaemon(daemon: YamlDaemon | undefined, report: Report): DaemonConfiguration {
  const listen = daemon?.listen ?? '127.0.0.1:9464';
  if (listen !== 'off' && !/^.+:\d{1,5}$/.test(listen)) {
    report(['listen'], errorFinding('bad-address', `"${listen}" is not an address. Write host:port, or off.`));
  }
  const duration = (key: 'lease' | 'shutdown' | 'logRetention', standard: string): number => {
    const text = daemon?.[key] ?? standard;
    const milliseconds = parseDuration(text);
    if (milliseconds !== undefined && milliseconds > 0) return milliseconds;
    report([key], errorFinding('bad-duration', `"${text}" is not a duration. Write it like PT30S, PT2H or P30D.`));
    return 0;
  };
  return {
    listen,
    leaseMs: duration('lease', 'PT30S'),
    shutdownMs: duration('shutdown', 'PT10S'),
    logRetentionMs: duration('logRetention', 'P30D'),
  };
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
