import { randomUUID } from "node:crypto";
import { createSigner, createVerifier } from "fast-jwt";
import type { Deps } from "../operations/deps.ts";

/** Tokens (JWT, HS256) that everybody with the same secret makes and believes. */
export function signedTokens(secret: string): Deps["tokens"] {
  const verifyToken = createVerifier({
    key: secret,
    algorithms: ["HS256"],
    cache: 1000,
    // What was verified is found by the token itself; to hash it first would take as long as to verify it again.
    cacheKeyBuilder: (token) => token,
    clockTolerance: 0,
  });
  return {
    sign: (claims, lifetimeSeconds) =>
      createSigner({ key: secret, algorithm: "HS256", expiresIn: lifetimeSeconds * 1000, jti: randomUUID() })(
        { ...claims },
      ),
    verify(token) {
      try {
        return verifyToken(token);
      } catch {
        return undefined;
      }
    },
  };
}
