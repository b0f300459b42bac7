import type { Listed, ListQuery } from "../listing.ts";

export type Account = {
  readonly id: string;
  readonly name: string;
  readonly legalName?: string;
  readonly registrationId?: string;
  readonly externalRef?: string;
  readonly parentId?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** A person who may act for accounts. */
export type AccountMember = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly username?: string;
  readonly passwordHash?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
};

export type AccountMembership = {
  readonly id: string;
  readonly accountId: string;
  readonly accountMemberId: string;
  readonly createdAt: string;
};

export type AccountPort = {
  load(storeId: string, accountId: string): Promise<Account | undefined>;
  list(storeId: string, query: ListQuery, ids?: readonly string[]): Promise<Listed<Account>>;
  insert(storeId: string, account: Account): Promise<"saved" | "registration_taken">;
  update(storeId: string, account: Account): Promise<"saved" | "registration_taken" | "not_found">;
  delete(storeId: string, accountId: string): Promise<boolean>;
  loadMember(storeId: string, memberId: string): Promise<AccountMember | undefined>;
  findMemberByUsername(storeId: string, username: string): Promise<AccountMember | undefined>;
  listMembers(storeId: string, query: ListQuery): Promise<Listed<AccountMember>>;
  insertMember(storeId: string, member: AccountMember): Promise<"saved" | "username_taken">;
  accountsOfMember(storeId: string, memberId: string): Promise<readonly Account[]>;
  listMemberships(storeId: string, accountId: string, query: ListQuery): Promise<Listed<AccountMembership>>;
  insertMembership(storeId: string, membership: AccountMembership): Promise<"saved" | "exists">;
  deleteMembership(storeId: string, accountId: string, membershipId: string): Promise<boolean>;
};
