/** What a running and a finished cycle show: a bar on a terminal alone, and of many failures the first ones. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Io } from '../../../engine/cli/io.ts';
import { nextCommand } from '../../../engine/cli/next-command.ts';
import { progressBar } from '../../../engine/cli/views/progress.ts';
import { failed, remarkable, syncHuman } from '../../../engine/cli/views/sync-human.ts';
import { textWidth } from '../../../engine/cli/views/text-width.ts';
import { aUser, everyone, openWorld, type World } from '../../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld({ directory: everyone(Array.from({ length: 25 }, (_, index) => aUser(`u${index}`))) });
});
afterEach(() => world.close());

function drawn(terminal: Pick<Io, 'width' | 'isTerminal'>, quiet = false): string {
  let text = '';
  const err = (more: string) => {
    text += more;
  };
  const signal = new AbortController().signal;
  const bar = progressBar({ out: err, err, env: {}, cwd: '.', signal, ...terminal }, 'a job with a long name', quiet);
  bar.update(0, 4);
  bar.update(3, 4, 'initial');
  bar.clear();
  return text;
}

test('a bar is drawn over itself and taken away again', () => {
  expect(drawn({ width: 100, isTerminal: true })).toBe(
    `\ra job with a long name  ${'░'.repeat(24)}  0/4 pages\ra job with a long name  ${'█'.repeat(18)}${'░'.repeat(6)}  3/4 pages · initial cycle\r\u001b[K`,
  );
});

test.each([20, 40])('never as wide as a terminal of %i columns, so that it does not wrap', (width) => {
  for (const line of drawn({ width, isTerminal: true }).split('\r').slice(0, -1))
    expect(textWidth(line)).toBeLessThan(width);
});

test('nothing where nobody looks, or where a program reads', () => {
  expect(drawn({ width: 100, isTerminal: false })).toBe('');
  expect(drawn({ width: 100, isTerminal: true }, true)).toBe('');
});

test('of many failures the first ten, the number of the others, and what to do', async () => {
  world.inject({ match: { method: 'POST' }, times: 'always', fault: { kind: 'status', status: 400 } });
  const remarks = remarkable();
  const result = await world.engine().sync('app', { onOutcome: remarks.note });
  const escrows = await world.engine().escrowsOf('app', failed(remarks));
  const text = syncHuman(result, remarks, 120, nextCommand('config.yaml'), escrows);
  expect(remarks.failures.count()).toBe(25);
  expect(text.match(/✗/g)).toHaveLength(10);
  expect(text).toContain('… and 15 more');
  expect(text).toMatch(/25 objects in escrow\. {3}Why: scimulate why u\d+@contoso\.com {3}Next cycle: due 2026-/);
  expect(text).toContain('(HTTP 400, retry with the next cycle)');
});

test('a second failure says from when on it is tried again', async () => {
  world.inject({ match: { method: 'POST' }, times: 'always', fault: { kind: 'status', status: 400 } });
  await world.cycle();
  const remarks = remarkable();
  const result = await world.engine().sync('app', { onOutcome: remarks.note });
  const escrows = await world.engine().escrowsOf('app', failed(remarks));
  expect(syncHuman(result, remarks, 120, nextCommand('config.yaml'), escrows)).toMatch(
    /\(HTTP 400, retry from 2026-01-01T\d\d:\d\dZ\)/,
  );
});
