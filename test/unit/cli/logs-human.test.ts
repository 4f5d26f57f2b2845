/** A log record fits the terminal it is read on; a program gets all of it. */
import { expect, test } from 'vitest';
import { logLine } from '../../../engine/cli/views/logs-human.ts';
import { textWidth } from '../../../engine/cli/views/text-width.ts';
import type { ProvisioningLogRecord } from '../../../engine/model/provisioning-log.ts';
import { aUser, everyone, openWorld } from '../../support/world.ts';

async function records(): Promise<readonly ProvisioningLogRecord[]> {
  const wide = aUser('u1', { userPrincipalName: `${'long.'.repeat(9)}name@contoso.com`, displayName: '山田 太郎' });
  const world = await openWorld({ directory: everyone([wide]) });
  world.inject({
    match: { method: 'POST' },
    fault: { kind: 'status', status: 400, body: { detail: 'no '.repeat(80) } },
  });
  await world.cycle();
  const found = await world.logs();
  await world.close();
  return found;
}

test.each([40, 60, 80, 120, 200])('no line is wider than %i columns', async (width) => {
  for (const record of await records()) {
    for (const line of logLine(record, width).split('\n'))
      expect(textWidth(line)).toBeLessThanOrEqual(Math.max(50, width));
  }
});

test('a program reads one line with the whole reason', async () => {
  const [record] = await records();
  if (record === undefined) throw new Error('no record');
  const line = logLine(record, Number.POSITIVE_INFINITY);
  expect(line).not.toContain('\n');
  expect(line).not.toContain('…');
  expect(line).toContain(record.provisioningStatusInfo.errorInformation?.reason.replaceAll('\n', '  '));
});
