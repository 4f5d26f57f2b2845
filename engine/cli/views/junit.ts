/** Test results as JUnit XML, which every CI server reads. */

export type JunitCase = {
  readonly name: string;
  readonly className?: string;
  readonly seconds: number;
  readonly failure?: { readonly message: string; readonly text: string };
  /** Why it was not run. */
  readonly skipped?: string;
  /** What a passed case has to say. */
  readonly output?: string;
};

/** One suite as an XML document. */
export function junitReport(name: string, cases: readonly JunitCase[]): string {
  const failures = cases.filter((one) => one.failure !== undefined).length;
  const skipped = cases.filter((one) => one.skipped !== undefined).length;
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0).toFixed(3);
  const head = `<testsuite name="${escapeXml(name)}" tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}" time="${seconds}">`;
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', head, ...cases.map(caseXml)];
  return `${[...lines, '</testsuite>', '</testsuites>'].join('\n')}\n`;
}

function caseXml(one: JunitCase): string {
  const { name, className, seconds } = one;
  const open = `<testcase name="${escapeXml(name)}" classname="${escapeXml(className ?? name)}" time="${seconds.toFixed(3)}"`;
  const inner = innerXml(one);
  return inner === '' ? `${open}/>` : `${open}>${inner}</testcase>`;
}

function innerXml({ failure, skipped, output }: JunitCase): string {
  if (failure !== undefined)
    return `<failure message="${escapeXml(failure.message)}">${escapeXml(failure.text)}</failure>`;
  if (skipped !== undefined) return `<skipped message="${escapeXml(skipped)}"/>`;
  return output === undefined ? '' : `<system-out>${escapeXml(output)}</system-out>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text for XML 1.0: most control characters, halves of pairs and U+FFFE cannot be written at all. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\u007E\u00A0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);
}
