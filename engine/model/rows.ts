/** What is remembered, a page of rows at a time: as a whole it need not fit into memory. */

/** A page of rows and where the next one starts; `next` undefined: no more. */
export type Rows<T> = { readonly rows: readonly T[]; readonly next?: string };

/** The rows of every page in order. A page is read when the one before it is done with. */
export async function* everyPage<T>(
  read: (after: string | undefined) => Promise<Rows<T>>,
): AsyncGenerator<readonly T[]> {
  let after: string | undefined;
  do {
    const { rows, next } = await read(after);
    yield rows;
    after = next;
  } while (after !== undefined);
}
