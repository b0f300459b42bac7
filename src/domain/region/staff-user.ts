/** One of the merchant's staff. */
export type StaffUser = {
  readonly id: string;
  /** Lower case, unique in the store. */
  readonly email: string;
  readonly passwordHash: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly role: "admin" | "member" | "developer";
  /** A hash of the token that scripts may use in place of a password. */
  readonly apiTokenHash?: string;
  /** What clients keep with it, free-form. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};
