/**
 * A title as a part of an address: lower case, words joined by hyphens ("NoDiscount" is "no-discount"). Empty when it has
 * neither letters nor digits.
 */
export function handleOf(title: string): string {
  return title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1-$2")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
}
