import type { Listed, ListQuery } from "../listing.ts";

export type Account = {
  readonly id: string;
  readonly name: string;
  readonly legalName?: string;
  /** Unique within a store. */
  readonly registrationId?: string;
  readonly externalRef?: string;
  /** Chosen when the account is made, and only lost when the parent is deleted: accounts form no circles. */
  readonly parentId?: string;
  /** The parent and its parents, from the top down. Read only: it follows from the parents. */
  readonly ancestorIds: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** A person who may act for accounts. */
export type AccountMember = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** Unique within a store, whatever its case. */
  readonly username?: string;
  readonly passwordHash?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** That a member may act for an account; once for each pair. */
export type AccountMembership = {
  readonly id: string;
  readonly accountId: string;
  readonly accountMemberId: string;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** Members of one account, members that are not of one account, or all. */
export type MemberScope = { readonly of: string } | { readonly notOf: string } | "all";

/** Memberships of one account, or of one member. */
export type MembershipScope = { readonly accountId: string } | { readonly accountMemberId: string };

/** Accounts and who may act for them. Lists may be filtered and sorted by what the storage says beside them. */
export type AccountPort = {
  load(storeId: string, accountId: string): Promise<Account | undefined>;
  /** Those of the ids that exist, in no order. */
  loadMany(storeId: string, accountIds: readonly string[]): Promise<readonly Account[]>;
  /** With `memberId`, only accounts that this member may act for. */
  list(storeId: string, query: ListQuery, memberId?: string): Promise<Listed<Account>>;
  insert(storeId: string, account: Account): Promise<"saved" | "registration_taken" | "parent_not_found">;
  /**
   * Stores what `change` makes of the account as it is now, except for its parent; nobody else changes it meanwhile.
   * `change` may run more than once and must do nothing else.
   */
  change(
    storeId: string,
    accountId: string,
    change: (account: Account) => Account,
  ): Promise<
    | { readonly kind: "saved"; readonly account: Account }
    | { readonly kind: "registration_taken" }
    | { readonly kind: "not_found" }
  >;
  /** With its memberships and addresses. Accounts below it lose their parent. */
  delete(storeId: string, accountId: string): Promise<boolean>;

  loadMember(storeId: string, memberId: string): Promise<AccountMember | undefined>;
  /** Those of the ids that exist, in no order. */
  loadMembers(storeId: string, memberIds: readonly string[]): Promise<readonly AccountMember[]>;
  findMemberByUsername(storeId: string, username: string): Promise<AccountMember | undefined>;
  listMembers(storeId: string, query: ListQuery, scope: MemberScope): Promise<Listed<AccountMember>>;
  insertMember(storeId: string, member: AccountMember): Promise<"saved" | "username_taken">;

  /** Whether the member may act for the account. */
  isMember(storeId: string, accountId: string, memberId: string): Promise<boolean>;
  loadMembership(
    storeId: string,
    accountId: string,
    membershipId: string,
  ): Promise<AccountMembership | undefined>;
  listMemberships(
    storeId: string,
    query: ListQuery,
    scope: MembershipScope,
  ): Promise<Listed<AccountMembership>>;
  insertMembership(
    storeId: string,
    membership: AccountMembership,
  ): Promise<"saved" | "exists" | "account_not_found" | "member_not_found">;
  /** Gives a membership to another member. */
  updateMembership(
    storeId: string,
    membership: AccountMembership,
  ): Promise<"saved" | "exists" | "not_found" | "member_not_found">;
  deleteMembership(storeId: string, accountId: string, membershipId: string): Promise<boolean>;
};
