type Metadata = Readonly<Record<string, unknown>>;

/** A merchant's notes with others put over them; one whose value is the empty text is taken away. */
export function withMetadata(before: Metadata | undefined, given: Metadata): Metadata {
  return Object.fromEntries(Object.entries({ ...before, ...given }).filter(([, value]) => value !== ""));
}
