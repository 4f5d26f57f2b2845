/** The line of a finding fits the terminal, and the carets stand below the place. */
import { expect, test } from 'vitest';
import { diagnosticsHuman } from '../../../engine/cli/views/diagnostics-human.ts';
import { textWidth } from '../../../engine/cli/views/text-width.ts';

const WIDTH = 40;

function excerptOf(sourceLine: string, place: string): readonly string[] {
  const at = { file: '/d/d.yaml', line: 1, column: sourceLine.indexOf(place) + 1, length: place.length };
  const finding = { severity: 'warning', code: 'unknown-reference', summary: 'Nobody.', sourceLine, at } as const;
  return diagnosticsHuman([finding], { cwd: '/d', width: WIDTH }).split('\n').slice(2);
}

test.each([
  ['a short line', '  - { id: u1, manager: nobody }', 'nobody', '- { id: u1, manager: nobody }'],
  [
    'the beginning of a long one',
    `  - { manager: nobody, title: ${'x'.repeat(99)} }`,
    'nobody',
    /^- { manager: nobody, title: x+…$/,
  ],
  [
    'its middle',
    `  - { title: ${'x'.repeat(99)}, manager: nobody, department: ${'y'.repeat(99)} }`,
    'nobody',
    /^…x+, manager: nobody, dep\w+…$/,
  ],
  ['its end', `  - { title: ${'x'.repeat(99)}, manager: nobody }`, 'nobody', /^…x+, manager: nobody }$/],
  ['a place longer than the terminal', `  - ${'x'.repeat(99)}`, 'x'.repeat(99), /^- x+…$/],
  [
    'after wide characters',
    `- { displayName: ${'山'.repeat(30)}, manager: nobody }`,
    'nobody',
    /^…山+, manager: nobody }$/,
  ],
  ['after a tab', '{\t"manager": "nobody" }', 'nobody', '{ "manager": "nobody" }'],
])('%s', (_name, line, place, expected) => {
  const [shown = '', carets = ''] = excerptOf(line, place);
  expect(shown.trimStart()).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  expect(textWidth(shown)).toBeLessThanOrEqual(WIDTH);
  expect(textWidth(carets)).toBeLessThanOrEqual(WIDTH);
  const visible = place.slice(0, 6);
  expect(carets.indexOf('^')).toBe(textWidth(shown.slice(0, shown.indexOf(visible))));
});
