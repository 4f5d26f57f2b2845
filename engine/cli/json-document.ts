/** The form of what `--json` prints: one document, with the version of its shape (a contract: DESIGN 2.2). */
export function jsonDocument(content: object): string {
  return `${JSON.stringify({ formatVersion: 1, ...content }, null, 2)}\n`;
}
