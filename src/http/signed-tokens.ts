import { randomUUID } from "node:crypto";
import { createSigner, createVerifier } from "fast-jwt";
import type { Deps } from "../operations/deps.ts";

/** Tokens that are remembered with their claims, so that each is verified once. */
const MAX_REMEMBERED = 1_000;

/** Every token of ours has an end, in seconds since 1970. */
type Claims = Readonly<Record<string, unknown>> & { readonly exp: number };

/**
 * Tokens (JWT, HS256) that everybody with the same secret makes and believes. `clock` answers milliseconds since 1970,
 * for the tokens that are remembered.
 */
export function signedTokens(secret: string, clock: () => number = Date.now): Deps["tokens"] {
  const verifyToken = createVerifier({
    key: secret,
    algorithms: ["HS256"],
    requiredClaims: ["exp"],
    clockTolerance: 0,
  });
  // The verifier's own cache hashes each token to find it, which takes as long as to verify it again.
  const verified = new Map<string, Claims>();
  return {
    sign: (claims, lifetimeSeconds) =>
      createSigner({ key: secret, algorithm: "HS256", expiresIn: lifetimeSeconds * 1000, jti: randomUUID() })(
        { ...claims },
      ),
    verify(token) {
      const known = verified.get(token);
      if (known) {
        if (clock() < known.exp * 1000) return known;
        verified.delete(token);
        return undefined;
      }
      try {
        const claims: Claims = verifyToken(token);
        const [oldest] = verified.size < MAX_REMEMBERED ? [] : verified.keys();
        if (oldest !== undefined) verified.delete(oldest);
        verified.set(token, claims);
        return claims;
      } catch {
        return undefined;
      }
    },
  };
}
