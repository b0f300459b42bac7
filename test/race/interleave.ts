import type { Deps, Storage } from "../../src/operations/deps.ts";

type Port = Exclude<keyof Storage, "transaction">;

/**
 * The same dependencies, except that somebody else acts exactly once in between: `other` runs to its end right before
 * (or right after) the first call of one function of the storage, also when that call is made in a transaction.
 */
export function interleave<Name extends Port>(
  deps: Deps,
  when: "before" | "after",
  port: Name,
  method: keyof Storage[Name] & string,
  other: () => Promise<unknown>,
): Deps {
  let done = false;
  const once = async (): Promise<void> => {
    if (done) return;
    done = true;
    await other();
  };
  const wrap = (storage: Storage): Storage => {
    const original = storage[port][method] as (...values: unknown[]) => Promise<unknown>;
    const wrapped = async (...values: unknown[]): Promise<unknown> => {
      if (when === "before") await once();
      const answer = await original.apply(storage[port], values);
      if (when === "after") await once();
      return answer;
    };
    return {
      ...storage,
      [port]: { ...storage[port], [method]: wrapped },
      transaction: (work) => storage.transaction((inner) => work(wrap(inner))),
    };
  };
  return { ...deps, storage: wrap(deps.storage) };
}
