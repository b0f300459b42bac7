/**
 * Another id that belongs to `id`, always the same for the same `index` (0 to 65,534): for what is done several times
 * in one go, and must be known again when all of it is repeated.
 */
export function derivedId(id: string, index: number): string {
  const tail = Number.parseInt(id.slice(-4), 16) ^ (index + 1);
  return id.slice(0, -4) + tail.toString(16).padStart(4, "0");
}

/** A UUID of version 8 (made by the application's own rule, RFC 9562) from 32 or more hexadecimal digits. */
export function uuidOf(hex: string): string {
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
