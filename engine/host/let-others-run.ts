/**
 * Work on a page comes in pieces of a few milliseconds. Between them answers are taken and the next requests sent: a target
 * that waits for the end of the whole page is a target that does nothing.
 */
export function letOthersRun(): Promise<void> {
  turn ??= new Promise((resolve) => {
    setImmediate(() => {
      turn = undefined;
      resolve();
    });
  });
  return turn;
}

/** The next turn of the event loop, for everybody who waits for it. */
let turn: Promise<void> | undefined;
