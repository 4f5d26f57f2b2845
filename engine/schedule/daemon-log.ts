/** The daemon's own log: constant messages with fields, as JSON lines (pino) or for a person. Not the provisioning log. */
import { pino } from 'pino';

type LogFields = Readonly<Record<string, string | number | undefined>>;

export type DaemonLog = {
  readonly info: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly error: (message: string, fields?: LogFields) => void;
};

/** From the most talkative on. */
const LOG_LEVELS = ['info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The log without what is less grave than `level`. */
export function fromLevel(log: DaemonLog, level: LogLevel): DaemonLog {
  const least = LOG_LEVELS.indexOf(level);
  const at = (one: LogLevel) => (LOG_LEVELS.indexOf(one) < least ? () => undefined : log[one]);
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** JSON lines to `write`. */
export function jsonLog(write: (text: string) => void): DaemonLog {
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write });
  return {
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
  };
}

/** `09:20:14  cycle finished  job=workplace created=3`. */
export function textLog(write: (text: string) => void, now: () => string): DaemonLog {
  const line =
    (mark: string) =>
    (message: string, fields: LogFields = {}) => {
      const shown = Object.entries(fields).filter(([, value]) => value !== undefined && value !== 0);
      const tail = shown.map(
        ([key, value]) => `${key}=${typeof value === 'string' && /\s/.test(value) ? JSON.stringify(value) : value}`,
      );
      write(`${[now().slice(11, 19), `${mark}${message}`, ...tail].join('  ')}\n`);
    };
  return { info: line(''), warn: line('warning: '), error: line('error: ') };
}
