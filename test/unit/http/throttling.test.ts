/** Waiting on the engine's clock: pace, bursts, Retry-After (scim-wire.md 9.3, rulings R4, R8). */

import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../../engine/host/virtual-clock.ts';
import { Limiter } from '../../../engine/http/limiter.ts';
import { parseRetryAfter, retryDelay } from '../../../engine/http/retry-policy.ts';
import { openTransport } from '../../../engine/http/transport.ts';
import { PACES, type Pace, pacePage } from '../../../engine/model/pace.ts';
import { openWorld } from '../../support/world.ts';
import { CONFIG, load } from '../config/config-folder.ts';

const START = '2026-01-01T00:00:00.000Z';
const never = new AbortController().signal;

/** Runs `task` when its turn comes. */
async function run(limiter: Limiter, task: () => Promise<void>): Promise<void> {
  await limiter.enter(never);
  try {
    await task();
  } finally {
    limiter.leave();
  }
}

/** Milliseconds after the start at which each of `count` tasks began. */
async function starts(limits: ConstructorParameters<typeof Limiter>[0], count: number): Promise<readonly number[]> {
  const clock = virtualClock(START);
  const limiter = new Limiter(limits, clock);
  const at: number[] = [];
  const begin = () => run(limiter, async () => void at.push(Date.parse(clock.now()) - Date.parse(START)));
  await Promise.all(Array.from({ length: count }, begin));
  return at;
}

describe('the token bucket', () => {
  test('pace: entra spaces 25 requests evenly over a second', async () => {
    const at = await starts({ concurrency: 1, ...PACES.entra }, 51);
    expect(at[0]).toBe(0);
    expect(at[25]).toBe(1000);
    expect(at[50]).toBe(2000);
    expect(at.every((time, index) => index === 0 || time - (at[index - 1] ?? 0) === 40)).toBe(true);
  });

  test('a burst goes at once, then the rate rules', async () => {
    expect(await starts({ concurrency: 1, perSecond: 2, burst: 3 }, 6)).toEqual([0, 0, 0, 500, 1000, 1500]);
  });

  test('a rest fills the bucket again, and not more than that', async () => {
    const clock = virtualClock(START);
    const limiter = new Limiter({ concurrency: 1, perSecond: 10, burst: 2 }, clock);
    const at: number[] = [];
    const round = () =>
      Promise.all(
        [1, 2, 3].map(() => run(limiter, async () => void at.push(Date.parse(clock.now()) - Date.parse(START)))),
      );
    await round();
    clock.moveTo('2026-01-01T00:01:00.000Z');
    await round();
    expect(at).toEqual([0, 0, 100, 60_000, 60_000, 60_100]);
  });

  test('without a rate nothing waits', async () => {
    expect(new Set(await starts({ concurrency: 2 }, 20))).toEqual(new Set([0]));
  });

  test('never more in flight than the concurrency', async () => {
    const limiter = new Limiter({ concurrency: 3 }, virtualClock(START));
    let running = 0;
    let most = 0;
    const task = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((done) => setImmediate(done));
      running -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, () => run(limiter, task)));
    expect(most).toBe(3);
  });

  test('whoever gives up while waiting leaves the place to the next', async () => {
    const limiter = new Limiter({ concurrency: 1 }, virtualClock(START));
    const impatient = new AbortController();
    await limiter.enter(never);
    const aborted = limiter.enter(impatient.signal);
    const next = limiter.enter(never);
    impatient.abort(new Error('gone'));
    limiter.leave();
    await expect(aborted).rejects.toThrow('gone');
    await next;
    expect(() => limiter.enter(impatient.signal)).toThrow('gone');
  });

  test('a clock that is set back holds nobody up until its old time has come again', async () => {
    const clock = virtualClock(START);
    let setBackBy = 0;
    const waits: number[] = [];
    const unsteady = {
      now: () => new Date(Date.parse(clock.now()) - setBackBy).toISOString(),
      wait: (milliseconds: number, signal: AbortSignal) => {
        waits.push(milliseconds);
        return clock.wait(milliseconds, signal);
      },
    };
    const limiter = new Limiter({ concurrency: 1, perSecond: 1 }, unsteady);
    const nothing = async () => undefined;
    await run(limiter, nothing);
    await run(limiter, nothing);
    setBackBy = 2 * 86_400_000;
    limiter.pause(3000);
    await run(limiter, nothing);
    await run(limiter, nothing);
    expect(waits).toEqual([1000, 3000]);
  });

  test('a pause that begins while a request waits for its turn holds it, too', async () => {
    const clock = virtualClock(START);
    let limiter: Limiter | undefined;
    const pausing = {
      ...clock,
      wait: async (milliseconds: number, signal: AbortSignal) => {
        await clock.wait(milliseconds, signal);
        if (milliseconds === 1000) limiter?.pause(30_000);
      },
    };
    limiter = new Limiter({ concurrency: 2, perSecond: 1 }, pausing);
    await run(limiter, async () => undefined);
    await run(limiter, async () => undefined);
    expect(Date.parse(clock.now()) - Date.parse(START)).toBe(31_000);
  });
});

describe.each(Object.entries<Pace>(PACES))('pace: %s', (name, { perSecond, burst }) => {
  test('is accepted by the configuration and stands in docs/pace.md', async () => {
    const { configuration, diagnostics } = await load(CONFIG.replace('target:', `target:\n      pace: ${name}`));
    expect(diagnostics).toEqual([]);
    expect(configuration?.jobs[0]?.target.pace).toBe(name);
    expect(await readFile('docs/pace.md', 'utf8')).toBe(pacePage());
    expect(pacePage()).toContain(`| \`${name}\` | ${perSecond ?? 'any'} | ${burst ?? 'any'} |`);
  });
});

test.each([
  ['dbt', 5, 20],
  ['deel', 1, 5],
  ['miro', 30, 100],
  ['slack', 60, 200],
  ['peakon', 3600, 25_000],
] as const)('%s stays within what it publishes, in any %i seconds: %i', async (name, seconds, most) => {
  const { perSecond, burst } = PACES[name];
  expect(burst + perSecond * seconds).toBeLessThanOrEqual(most);
});

describe('Retry-After', () => {
  const now = Date.parse('1994-11-06T08:49:00Z');
  test.each([
    ['7', 7000],
    [' 0 ', 0],
    ['99999999999', 99_999_999_999_000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
    ['Sun Nov  6 08:49:37 1994', 37_000],
    ['Sun, 06 Nov 1994 08:00:00 GMT', 0],
  ])('"%s" asks for %i ms', (value, milliseconds) => {
    expect(parseRetryAfter(value, now)).toBe(milliseconds);
  });

  test.each([undefined, '', '-5', '1.5', '7s', 'soon', 'Nonday, 99 Xxx 1994 08:49:37 GMT'])(
    '%j says nothing',
    (value) => expect(parseRetryAfter(value, now)).toBeUndefined(),
  );

  const attempt = { method: 'POST', attempt: 1, now, throttleMode: 'honour' } as const;
  test.each([
    ['is capped at 300 seconds', { status: 429, retryAfter: '86400' }, { milliseconds: 300_000, pauses: 'job' }],
    ['of a 503 counts, too', { status: 503, retryAfter: '5' }, { milliseconds: 5000, pauses: 'job' }],
    ['of another status does not', { status: 500, retryAfter: '5' }, undefined],
    ['is waited for three times', { status: 429, retryAfter: '5', attempt: 4 }, undefined],
    ['is ignored when told so', { status: 429, retryAfter: '5', throttleMode: 'ignore' }, undefined],
    [
      'ignored, a read still has its two repeats after 503',
      { status: 503, retryAfter: '5', throttleMode: 'ignore', method: 'GET' },
      { milliseconds: 500, pauses: 'request' },
    ],
  ] as const)('%s', (_name, given, expected) => {
    expect(retryDelay({ ...attempt, ...given })).toEqual(expected);
  });

  test('pauses every request of the job in virtual time, and nothing waits in real time', async () => {
    const clock = virtualClock(START);
    const at: number[] = [];
    const transport = openTransport(
      {
        concurrency: 1,
        timeoutMs: 15_000,
        maxResponseBytes: 1000,
        adapter: 'undici',
        allowInsecureHttp: false,
        fetch: async () => {
          at.push(Date.parse(clock.now()) - Date.parse(START));
          return at.length === 1
            ? new Response('', { status: 429, headers: { 'retry-after': '299' } })
            : new Response('{}');
        },
      },
      clock,
    );
    const ask = () => transport.request({ method: 'PATCH', url: 'https://a.example/', headers: {} }, never);
    const began = performance.now();
    await Promise.all([ask(), ask()]);
    expect(at).toEqual([0, 299_000, 299_000]);
    expect(performance.now() - began).toBeLessThan(5000);
  });
});

test('throttleMode: ignore fails the object at once and escrows it', async () => {
  const world = await openWorld({ target: { throttleMode: 'ignore' } });
  try {
    world.inject({
      match: { method: 'POST' },
      fault: { kind: 'status', status: 429, headers: { 'retry-after': '60' } },
    });
    const before = world.clock.now();
    const trace = await world.cycle();
    expect(trace.cycle.counts).toMatchObject({ created: 1, failed: 1 });
    expect(trace.requests.filter(({ status }) => status === 429)).toHaveLength(1);
    expect(Date.parse(world.clock.now()) - Date.parse(before)).toBe(40 * 60_000);
    expect((await world.logs())[0]?.provisioningStatusInfo.errorInformation?.errorCode).toBe('TooManyRequests');
  } finally {
    await world.close();
  }
});

test('maxRequestsPerSecond and burst of the configuration reach the wire', async () => {
  const world = await openWorld({ target: { maxRequestsPerSecond: 2, burst: 1 } });
  try {
    const before = world.clock.now();
    const trace = await world.cycle();
    const sent = trace.requests.length + trace.probes;
    const waited = Date.parse(world.clock.now()) - Date.parse(before) - 40 * 60_000;
    expect(waited).toBeGreaterThanOrEqual((sent - 1) * 500);
  } finally {
    await world.close();
  }
});
