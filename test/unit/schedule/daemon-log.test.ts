/** The daemon's own log: both forms, and how much of it there is. */
import { expect, test } from 'vitest';
import { fromLevel, jsonLog, type LogLevel, textLog } from '../../../engine/schedule/daemon-log.ts';

const NOW = '2026-01-02T03:04:05Z';

function written(form: 'text' | 'json', level: LogLevel): string {
  let out = '';
  const write = (text: string) => {
    out += text;
  };
  const log = fromLevel(form === 'json' ? jsonLog(write) : textLog(write, () => NOW), level);
  log.info('cycle finished', { job: 'app', created: 3, failed: 0 });
  log.warn('job in quarantine', { job: 'app', reason: 'bad credentials' });
  log.error('cycle failed', { job: 'app' });
  return out;
}

test('lines for people leave out what is nothing and quote what has blanks', () => {
  expect(written('text', 'info')).toBe(
    '03:04:05  cycle finished  job=app  created=3\n' +
      '03:04:05  warning: job in quarantine  job=app  reason="bad credentials"\n' +
      '03:04:05  error: cycle failed  job=app\n',
  );
});

test.each([
  ['info', ['cycle finished', 'job in quarantine', 'cycle failed']],
  ['warn', ['job in quarantine', 'cycle failed']],
  ['error', ['cycle failed']],
] as const)('from %s on, in both forms', (level, messages) => {
  const json = written('json', level).trim().split('\n');
  expect(json.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(messages);
  expect(written('text', level).trim().split('\n')).toHaveLength(messages.length);
});
