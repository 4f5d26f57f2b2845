/** One timer and one listener for all requests under way. */
import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { InFlight } from '../../../engine/http/in-flight.ts';

const TIMEOUT_MS = 1000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Begins an attempt and takes down why it was stopped. */
function attempt(inFlight: InFlight, signal = new AbortController().signal) {
  const reasons: unknown[] = [];
  const place = inFlight.begin({ signal, stop: (reason) => reasons.push(reason) });
  return { reasons, end: () => inFlight.end(place) };
}

test('each is stopped when its own time is over, however long another one was under way', () => {
  const inFlight = new InFlight(TIMEOUT_MS);
  const first = attempt(inFlight);
  vi.advanceTimersByTime(600);
  const second = attempt(inFlight);
  first.end();
  vi.advanceTimersByTime(600);
  expect([first.reasons, second.reasons]).toEqual([[], []]);
  vi.advanceTimersByTime(401);
  expect(first.reasons).toEqual([]);
  expect(second.reasons).toEqual([expect.objectContaining({ name: 'TimeoutError' })]);
});

test('an abort stops those of its signal and no other', () => {
  const inFlight = new InFlight(TIMEOUT_MS);
  const aborting = new AbortController();
  const [one, two] = [attempt(inFlight, aborting.signal), attempt(inFlight, aborting.signal)];
  const ended = attempt(inFlight, aborting.signal);
  const other = attempt(inFlight);
  ended.end();
  aborting.abort('enough');
  expect([one.reasons, two.reasons]).toEqual([['enough'], ['enough']]);
  expect([ended.reasons, other.reasons]).toEqual([[], []]);
});

test('at the end every signal is let go of', () => {
  const inFlight = new InFlight(TIMEOUT_MS);
  const { signal } = new AbortController();
  attempt(inFlight, signal).end();
  inFlight.close();
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('a signal is let go of when nobody is under way with it and another one comes', () => {
  const inFlight = new InFlight(TIMEOUT_MS);
  const old = new AbortController();
  const letGo = vi.spyOn(old.signal, 'removeEventListener');
  attempt(inFlight, old.signal).end();
  attempt(inFlight, new AbortController().signal);
  expect(letGo).toHaveBeenCalledOnce();
  // And taken up again.
  const again = attempt(inFlight, old.signal);
  old.abort('late');
  expect(again.reasons).toEqual(['late']);
});
