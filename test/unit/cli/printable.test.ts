/** Nothing of a target's or directory's text reaches a terminal as a control sequence. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable } from '../../../engine/cli/printable.ts';
import { junitReport } from '../../../engine/cli/views/junit.ts';

test.each([
  ['lines and tabs', 'a\tb\nc\r\n', 'a\tb\nc\r\n'],
  ['our colours', '\u001b[31m✗\u001b[39m', '\u001b[31m✗\u001b[39m'],
  ['the redrawn line', '\r\u001b[K', '\r\u001b[K'],
  ['a bracket at the start of a line', 'x\n[1m', 'x\n[1m'],
  ['hidden text', '\u001b[8mx', '\\u001b[8mx'],
  ['the title of the window', '\u001b]0;x\u0007', '\\u001b]0;x\\u0007'],
  ['a return inside a line', 'failed\rfine', 'failed\\u000dfine'],
  ['NUL, DEL and C1', '\u0000\u007f\u009b2J', '\\u0000\\u007f\\u009b2J'],
])('%s', (_what, text, printed) => {
  expect(printable(text)).toBe(printed);
});

const anyText = fc.string({ unit: 'binary', maxLength: 20 });

test('JSON stays the JSON it was', () => {
  fc.assert(fc.property(anyText, (text) => JSON.parse(printable(JSON.stringify(text))) === text));
});

test('JUnit holds nothing that XML 1.0 cannot', () => {
  const allowed = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;
  const odd = fc.oneof(anyText, fc.constantFrom('\ufffe', '\uffff', '\ud800', '\u0000', ']]>'));
  fc.assert(fc.property(odd, (name) => allowed.test(junitReport(name, [{ name, seconds: 0 }]))));
});
