/** Crockford's base 32: no I, L, O and U. */
const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** Ids whose other spelling is remembered: an answer repeats those of regions, products and carts many times. */
const MAX_SPELT = 10_000;
const spelt = new Map<string, string>();

/** What an id of this API begins with, by what it names. */
export type IdPrefix =
  | "addr"
  | "cart"
  | "cgrp"
  | "cus"
  | "disc"
  | "discon"
  | "dorder"
  | "dru"
  | "ful"
  | "gct"
  | "gift"
  | "iitem"
  | "ilev"
  | "img"
  | "item"
  | "laddr"
  | "lia"
  | "litl"
  | "ma"
  | "oe"
  | "oic"
  | "opt"
  | "optval"
  | "order"
  | "pay"
  | "paycol"
  | "pcat"
  | "pcol"
  | "pk"
  | "prod"
  | "ps"
  | "ptag"
  | "ptyp"
  | "ref"
  | "reg"
  | "resitem"
  | "ret"
  | "rr"
  | "sc"
  | "sloc"
  | "sm"
  | "smtl"
  | "so"
  | "sor"
  | "sp"
  | "store"
  | "tlink"
  | "txr"
  | "usr"
  | "variant";

/**
 * An id of the engine as this API spells it: the prefix and the same 128 bits as a ULID, `cart_01M7XWX18J…`. What is no
 * UUID, such as a cart's reference that a client chose, stays as it is.
 */
export function wireId(prefix: IdPrefix, id: string): string {
  const known = spelt.get(id);
  if (known !== undefined) return `${prefix}_${known}`;
  if (!UUID.test(id)) return id;
  let text = "";
  // 26 digits are 130 bits: two more than there are, in front.
  let bits = 0;
  let count = 2;
  for (const nibble of id) {
    if (nibble === "-") continue;
    bits = (bits << 4) | Number.parseInt(nibble, 16);
    count += 4;
    if (count < 5) continue;
    count -= 5;
    text += DIGITS.charAt(bits >> count);
    bits &= (1 << count) - 1;
  }
  if (spelt.size >= MAX_SPELT) spelt.clear();
  spelt.set(id, text);
  return `${prefix}_${text}`;
}

/**
 * The engine's id behind an id of this API; one that is none of that kind stays as it is, and names nothing but perhaps
 * a cart whose reference a client chose.
 */
export function engineId(prefix: IdPrefix, wire: string): string {
  const text = wire.startsWith(`${prefix}_`) ? wire.slice(prefix.length + 1) : "";
  if (!ULID.test(text)) return wire;
  let bits = 0n;
  for (const digit of text) bits = (bits << 5n) | BigInt(DIGITS.indexOf(digit));
  const hex = bits.toString(16).padStart(32, "0");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The id of the whole that a part's id was made from by `partId` with that `salt`. */
export function wholeId(prefix: IdPrefix, wire: string, salt: number): string {
  return engineId(prefix, partId(prefix, engineId(prefix, wire), salt));
}

/**
 * An id for a part that has none in the engine, such as a line's tax or a shopper's row of an address: always the same
 * for the same whole and `salt` (a small number).
 */
export function partId(prefix: IdPrefix, id: string, salt: number): string {
  if (!UUID.test(id)) return `${prefix}_${id}_${salt}`;
  const tail = (Number.parseInt(id.slice(-8), 16) ^ (salt + 1)) >>> 0;
  return wireId(prefix, id.slice(0, -8) + tail.toString(16).padStart(8, "0"));
}
