/**
 * Work on a page comes in pieces of a few milliseconds. Between them answers are taken and the next requests sent: a target
 * that waits for the end of the whole page is a target that does nothing.
 */
export function letOthersRun(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
