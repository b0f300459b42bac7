import type { Fail, Result } from "../domain/result.ts";
import type { Deps, Storage } from "./deps.ts";

/** Runs `work` in one transaction; when it refuses, nothing of what it did is kept. */
export async function allOrNothing<Value, Refusal>(
  deps: Pick<Deps, "storage">,
  work: (storage: Storage) => Promise<Result<Value, Refusal>>,
): Promise<Result<Value, Refusal>> {
  try {
    return await deps.storage.transaction(async (storage) => {
      const done = await work(storage);
      // Only what is thrown undoes a transaction.
      if (!done.ok) throw new Undone(done);
      return done;
    });
  } catch (error) {
    if (error instanceof Undone) return error.refusal as Fail<Refusal>;
    throw error;
  }
}

class Undone extends Error {
  readonly refusal: Fail<unknown>;

  constructor(refusal: Fail<unknown>) {
    super("refused");
    this.refusal = refusal;
  }
}
