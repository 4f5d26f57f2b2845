/** Test results as JUnit XML, which every CI server reads. */

export type JunitCase = {
  readonly name: string;
  readonly className?: string;
  readonly seconds: number;
  readonly failure?: { readonly message: string; readonly text: string };
};

/** One suite as an XML document. */
export function junitReport(name: string, cases: readonly JunitCase[]): string {
  const failures = cases.filter((one) => one.failure !== undefined).length;
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0).toFixed(3);
  const head = `<testsuite name="${escapeXml(name)}" tests="${cases.length}" failures="${failures}" errors="0" skipped="0" time="${seconds}">`;
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', head, ...cases.map(caseXml)];
  return `${[...lines, '</testsuite>', '</testsuites>'].join('\n')}\n`;
}

function caseXml({ name, className, seconds, failure }: JunitCase): string {
  const open = `<testcase name="${escapeXml(name)}" classname="${escapeXml(className ?? name)}" time="${seconds.toFixed(3)}"`;
  if (failure === undefined) return `${open}/>`;
  return `${open}><failure message="${escapeXml(failure.message)}">${escapeXml(failure.text)}</failure></testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text for XML 1.0: control characters other than tab and line ends cannot be written at all. */
function escapeXml(text: string): string {
  return text
    .replace(/\p{Cc}/gu, (one) => ('\t\n\r'.includes(one) ? one : '\uFFFD'))
    .replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);
}
