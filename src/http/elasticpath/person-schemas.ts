import Type from "typebox";

// What customers and accounts are asked for alike.

/** A text that null removes; also for clients that send null where they have nothing. */
export const nullableText = (maxLength: number) =>
  Type.Unsafe<string | null>({ type: ["string", "null"], maxLength });

/** Most characters of a password: more than anybody types, and little enough to be hashed without effort. */
const MAX_PASSWORD = 256;

/**
 * A password that somebody chooses. Its least length is the one of NIST SP 800-63B; which characters it has is up to
 * the person.
 */
export const newPassword = Type.String({ minLength: 8, maxLength: MAX_PASSWORD });

/** A password that is to be checked. */
export const givenPassword = Type.String({ maxLength: MAX_PASSWORD });
