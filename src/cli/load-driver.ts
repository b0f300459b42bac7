/**
 * Loads the database driver before anything else does, and nothing with it. To see whether it runs at Cloudflare it makes
 * a `Response` in Node 20, for which Node loads its HTTP client: 1 MB of heap for good, and 2 MB beside it. So it must
 * not find one just then.
 */
export async function loadDriver(): Promise<void> {
  const response = Object.getOwnPropertyDescriptor(globalThis, "Response");
  Reflect.deleteProperty(globalThis, "Response");
  try {
    await import("pg");
  } finally {
    if (response) Object.defineProperty(globalThis, "Response", response);
  }
}
