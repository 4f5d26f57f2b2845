/** Measuring: the clock and the processor, interleaved rounds, medians, and the table that comes out. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

/**
 * Wall-clock and processor milliseconds of this process while `work` runs. What ran before leaves nothing to collect:
 * otherwise a contender pays for the garbage of the one whose turn comes before its own.
 */
export async function timed(work) {
  collectGarbage();
  const processor = process.cpuUsage();
  const began = performance.now();
  await work();
  const wall = performance.now() - began;
  const { user, system } = process.cpuUsage(processor);
  return { wall, cpu: (user + system) / 1000 };
}

/**
 * Runs every contender once per round, in turn, so that a busy moment of the machine hits all of them.
 * @param contenders name → function that returns what `timed` does
 * @returns name → its measurements, one per round
 */
export async function interleave(contenders, rounds) {
  const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(contenders)) results[name].push(await run());
  }
  return results;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Median over the rounds of `of(one's measurement) / of(other's measurement)` taken in the same round. */
export function medianRatio(ones, others, of = ({ wall }) => wall) {
  return median(ones.map((one, round) => of(one) / of(others[round])));
}

export function round(value, digits = 2) {
  return Number(value.toFixed(digits));
}

/** A figure with the bar it has to reach; `atMost` or `atLeast`. */
export function figure(what, value, bar = {}) {
  return { what, value, ...bar };
}

/** True when the figure reaches its bar, undefined when it has none. */
export function reaches({ value, atLeast, atMost }) {
  if (atLeast !== undefined) return value >= atLeast;
  return atMost === undefined ? undefined : value <= atMost;
}

/** The figures as lines: what, value, bar, verdict. */
export function table(figures) {
  const rows = figures.map((one) => {
    const bar = one.atLeast === undefined ? one.atMost : one.atLeast;
    const sign = one.atLeast === undefined ? '≤' : '≥';
    const verdict = { true: 'met', false: 'MISSED', undefined: '' }[String(reaches(one))];
    return [one.what, String(one.value), bar === undefined ? '' : `${sign} ${bar}`, verdict];
  });
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map(([what, value, bar, verdict]) =>
      `${what.padEnd(widths[0])}  ${value.padStart(widths[1])}  ${bar.padEnd(widths[2])}  ${verdict}`.trimEnd(),
    )
    .join('\n');
}
