export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Random changes to requests, the same ones for the same seed. */
export type Mutations = {
  /** From 0 to 1, without 1. */
  random(): number;
  pick<Value>(values: readonly Value[]): Value;
  /** One random change somewhere in a document: a value replaced, a member taken out, added or doubled. */
  mutated(value: Json): Json;
  /** A text cut off, doubled or with something put into it. */
  mutatedText(text: string): string;
  /** A path of which one segment after the first is another. */
  mutatedPath(path: string): string;
};

/** A small generator of numbers from 0 to 1 that a seed decides. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const oddValues: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  -1e308,
  9007199254740992,
  2147483648,
  "",
  " ",
  "x",
  "0",
  "-1",
  "NaN",
  "' or 1=1 --",
  "%00",
  "\u0000",
  "\ud800",
  "💥",
  "../../etc/passwd",
  "a".repeat(300),
  "a".repeat(70_000),
  [],
  [[]],
  {},
  { "": "" },
  { __proto__: null, constructor: { prototype: {} } },
  [null],
  { data: [] },
];

const oddSegments = [
  "",
  "%",
  "%00",
  "%zz",
  "..%2f",
  "a".repeat(600),
  "💥",
  "'",
  "null",
  "undefined",
  "0",
  "-1",
  "{}",
  "%2F",
];

export function mutationsOf(seed: number): Mutations {
  const random = randomFrom(seed);
  const pick = <Value>(values: readonly Value[]): Value =>
    values[Math.floor(random() * values.length)] as Value;

  const mutated = (value: Json): Json => {
    if (value !== null && typeof value === "object" && random() < 0.8) {
      if (Array.isArray(value)) {
        if (value.length === 0) return [pick(oddValues)];
        const at = Math.floor(random() * value.length);
        const way = random();
        if (way < 0.2) return [...value, ...value];
        if (way < 0.4) return value.filter((_, index) => index !== at);
        return value.map((member, index) => (index === at ? mutated(member) : member));
      }
      const keys = Object.keys(value);
      const key = pick(keys);
      if (key === undefined) return { x: pick(oddValues) };
      const way = random();
      const { [key]: member = null, ...others } = value;
      if (way < 0.2) return others;
      if (way < 0.3)
        return {
          ...value,
          [pick(["id", "type", "price", "status", "amount", "__proto__"])]: pick(oddValues),
        };
      return { ...value, [key]: mutated(member) };
    }
    return pick(oddValues);
  };

  const mutatedText = (text: string): string => {
    const at = Math.floor(random() * text.length);
    const way = random();
    if (way < 0.4) return text.slice(0, at);
    if (way < 0.7)
      return text.slice(0, at) + pick(["}", '"', ",", "\\", "undefined", "\u0007", "[[[["]) + text.slice(at);
    return text + text;
  };

  const mutatedPath = (path: string): string => {
    const parts = path.split("/");
    const at = 2 + Math.floor(random() * (parts.length - 2));
    return parts.map((part, index) => (index === at ? pick(oddSegments) : part)).join("/");
  };

  return { random, pick, mutated, mutatedText, mutatedPath };
}
