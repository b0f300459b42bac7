/**
 * Works on items in their order, on so many at the same time, and begins no other once it is over. Comes back when
 * everything that was begun has ended.
 * @returns how many items were begun
 * @throws the first error of `work`, after which nothing else is begun
 */
export async function severalAtOnce<Item>(
  items: readonly Item[],
  atOnce: number,
  isOver: () => boolean,
  work: (item: Item) => Promise<void>,
): Promise<number> {
  let begun = 0;
  const errors: unknown[] = [];
  const goOn = async (): Promise<void> => {
    while (begun < items.length && errors.length === 0 && !isOver()) {
      const item = items[begun] as Item;
      begun += 1;
      try {
        await work(item);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, goOn));
  if (errors.length > 0) throw errors[0];
  return begun;
}
