/** A tick a second, whatever the clock does: a laptop that slept, a machine that learns the time only once it is up. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { everySecond } from '../../../engine/schedule/ticks.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const DAY = 86_400_000;

let ticks: number;
let stop: () => Promise<void>;
let warn: ReturnType<typeof vi.spyOn>;

beforeEach(() => {
  vi.useFakeTimers({ now: START + 300 });
  warn = vi.spyOn(console, 'warn');
  ticks = 0;
  stop = everySecond(async () => {
    ticks += 1;
  });
});
afterEach(async () => {
  await stop();
  expect(warn).not.toHaveBeenCalled();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function ticksWithin(seconds: number): Promise<number> {
  const before = ticks;
  await vi.advanceTimersByTimeAsync(seconds * 1000);
  return ticks - before;
}

test('ten in ten seconds', async () => {
  expect(await ticksWithin(10)).toBe(10);
});

test.each([
  ['forward by a second and a half', 1500],
  ['forward by two days', 2 * DAY],
  ['forward from the first day of Unix', 56 * 365 * DAY],
  ['back by two days', -2 * DAY],
])('the clock jumps %s: the ticks go on', async (_how, by) => {
  await ticksWithin(3);
  vi.setSystemTime(Date.now() + by);
  const after = await ticksWithin(10);
  expect(after).toBeGreaterThanOrEqual(8);
  expect(after).toBeLessThanOrEqual(10);
});

test('a tick that takes long is not begun again meanwhile', async () => {
  await stop();
  let running = 0;
  let most = 0;
  let begun = 0;
  stop = everySecond(async () => {
    begun += 1;
    running += 1;
    most = Math.max(most, running);
    await new Promise((done) => setTimeout(done, 2500));
    running -= 1;
  });
  await ticksWithin(12);
  expect(most).toBe(1);
  expect(begun).toBe(4);
});

test('stopped just when the clock has jumped, nothing keeps the process alive', async () => {
  await ticksWithin(2);
  vi.setSystemTime(Date.now() + 2 * DAY);
  vi.advanceTimersByTime(1000);
  await stop();
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('stopped, there are none', async () => {
  await ticksWithin(2);
  await stop();
  expect(await ticksWithin(5)).toBe(0);
});
