/** The answer of a decision: what follows, or the refusal as data. Bugs and outages are thrown instead. */
export type Result<Value, Refusal> = Ok<Value> | Fail<Refusal>;
export type Ok<Value> = { readonly ok: true; readonly value: Value };
export type Fail<Refusal> = { readonly ok: false; readonly error: Refusal };

export function ok<Value>(value: Value): Ok<Value> {
  return { ok: true, value };
}

export function fail<const Refusal>(error: Refusal): Fail<Refusal> {
  return { ok: false, error };
}
