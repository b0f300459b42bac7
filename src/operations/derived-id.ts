/**
 * Another id that belongs to `id`, always the same for the same `index` (0 to 65,534): for what is done several times
 * in one go, and must be known again when all of it is repeated.
 */
export function derivedId(id: string, index: number): string {
  const tail = Number.parseInt(id.slice(-4), 16) ^ (index + 1);
  return id.slice(0, -4) + tail.toString(16).padStart(4, "0");
}
