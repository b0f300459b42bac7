import Type, { type Static } from "typebox";
import { type AddressMembers, addressMembers } from "../../domain/customer/address.ts";
import type { Result } from "../../domain/result.ts";
import type { StoredAddress } from "../../operations/ports/addresses.ts";
import type { Refusal } from "../../operations/refusal.ts";
import { type AddressOwner, addAddress, changeAddress } from "../../operations/save-address.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { invalidBody } from "./invalid-body.ts";
import { listReply } from "./list-reply.ts";
import { nullableText } from "./person-schemas.ts";
import { commonErrors, one, page, timestamps } from "./schemas.ts";

/** Which members must be there is the store's setting, and checked beside this. */
const addressBody = Type.Object({
  data: Type.Object({
    type: Type.Optional(Type.Literal("address")),
    name: Type.Optional(nullableText(255)),
    first_name: Type.Optional(nullableText(255)),
    last_name: Type.Optional(nullableText(255)),
    company_name: Type.Optional(nullableText(255)),
    phone_number: Type.Optional(nullableText(100)),
    line_1: Type.Optional(nullableText(255)),
    line_2: Type.Optional(nullableText(255)),
    line_3: Type.Optional(nullableText(255)),
    city: Type.Optional(nullableText(255)),
    county: Type.Optional(nullableText(255)),
    region: Type.Optional(nullableText(255)),
    postcode: Type.Optional(nullableText(100)),
    country: Type.Optional(nullableText(100)),
    instructions: Type.Optional(nullableText(2048)),
  }),
});

const related = Type.Object({ id: Type.String(), type: Type.String() });

const address = Type.Object({
  id: Type.String(),
  type: Type.Literal("address"),
  name: Type.String(),
  first_name: Type.String(),
  last_name: Type.String(),
  company_name: Type.String(),
  phone_number: Type.String(),
  line_1: Type.String(),
  line_2: Type.String(),
  line_3: Type.Optional(Type.String()),
  city: Type.String(),
  county: Type.String(),
  region: Type.String(),
  postcode: Type.String(),
  country: Type.String(),
  instructions: Type.String(),
  links: Type.Object({ self: Type.String() }),
  meta: Type.Object({ timestamps }),
  relationships: Type.Union([Type.Object({ customer: related }), Type.Object({ account: related })]),
});

/**
 * The routes for the addresses of customers or accounts.
 * @param owners `path` of the owner with its id as `:ownerId`, `load` whether there is such an owner, `check` whether
 *   the caller may see and change what is the owner's
 */
export function addressRoutes(owners: {
  readonly kind: AddressOwner["kind"];
  readonly path: string;
  readonly tag: string;
  check(call: Call, ownerId: string): Promise<Result<void, Refusal>>;
  load(call: Call, ownerId: string): Promise<object | undefined>;
}): readonly Route[] {
  const { kind, path, tag } = owners;

  /** Runs `work` for an owner whose addresses the caller may see and change. */
  async function allowed(call: Call, work: (owner: AddressOwner) => Promise<Reply>): Promise<Reply> {
    const id = call.params.ownerId as string;
    const checked = await owners.check(call, id);
    return checked.ok ? work({ kind, id }) : refused(checked.error);
  }

  return [
    route({
      method: "GET",
      path: `${path}/addresses`,
      access: "shopper",
      tag,
      summary: `List the addresses of ${articled[kind]}`,
      query: ["page[limit]", "page[offset]"],
      responses: { 200: page(address), ...commonErrors },
      handle: (call) =>
        allowed(call, async (owner) => {
          const { storeId, settings } = call.context.store;
          if (!(await owners.load(call, owner.id))) return ownerNotFound(owner);
          return listReply(
            call,
            { fields: {}, defaultLimit: settings.pageLength },
            (query) => call.deps.storage.addresses.list(storeId, owner.id, query),
            (rows) => ({ data: rows.map((row) => renderAddress(call, owner, row)) }),
          );
        }),
    }),
    route({
      method: "POST",
      path: `${path}/addresses`,
      access: "shopper",
      tag,
      summary: `Add an address to ${articled[kind]}`,
      body: addressBody,
      responses: { 201: one(address), ...commonErrors },
      handle: (call) =>
        allowed(call, async (owner) => {
          const added = await addAddress(call.deps, call.context, owner, membersOf(call.body.data));
          if (!added.ok) return addressRefused(added.error);
          return { status: 201, body: { data: renderAddress(call, owner, added.value) } };
        }),
    }),
    route({
      method: "GET",
      path: `${path}/addresses/:addressId`,
      access: "shopper",
      tag,
      summary: `Get an address of ${articled[kind]}`,
      responses: { 200: one(address), ...commonErrors },
      handle: (call) =>
        allowed(call, async (owner) => {
          const { storeId } = call.context.store;
          const addressId = call.params.addressId as string;
          const found = await call.deps.storage.addresses.load(storeId, owner.id, addressId);
          if (!found) return refused({ type: "address_not_found", addressId });
          return { status: 200, body: { data: renderAddress(call, owner, found) } };
        }),
    }),
    route({
      method: "PUT",
      path: `${path}/addresses/:addressId`,
      access: "shopper",
      tag,
      summary: `Update an address of ${articled[kind]}`,
      body: addressBody,
      responses: { 200: one(address), ...commonErrors },
      handle: (call) =>
        allowed(call, async (owner) => {
          const changed = await changeAddress(call.deps, call.context, {
            owner,
            addressId: call.params.addressId as string,
            members: membersOf(call.body.data),
          });
          if (!changed.ok) return addressRefused(changed.error);
          return { status: 200, body: { data: renderAddress(call, owner, changed.value) } };
        }),
    }),
    route({
      method: "DELETE",
      path: `${path}/addresses/:addressId`,
      access: "shopper",
      tag,
      summary: `Delete an address of ${articled[kind]}`,
      responses: { 204: null, ...commonErrors },
      handle: (call) =>
        allowed(call, async (owner) => {
          const { storeId } = call.context.store;
          const addressId = call.params.addressId as string;
          const gone = await call.deps.storage.addresses.delete(storeId, owner.id, addressId);
          return gone ? { status: 204 } : refused({ type: "address_not_found", addressId });
        }),
    }),
  ];
}

const articled = { customer: "a customer", account: "an account" } as const;

function ownerNotFound(owner: AddressOwner): Reply {
  return owner.kind === "customer"
    ? refused({ type: "customer_not_found", customerId: owner.id })
    : refused({ type: "account_not_found", accountId: owner.id });
}

/** Names all members that are missing, as the edge does with other bodies. */
function addressRefused(refusal: Refusal): Reply {
  if (refusal.type !== "address_incomplete") return refused(refusal);
  return invalidBody(
    refusal.missing.map((member) => ({
      path: `data.${member}`,
      keyword: "required",
      expected: member,
      value: undefined,
    })),
  );
}

/** The members of an address that were sent, and no others; null empties one. */
function membersOf(data: Static<typeof addressBody>["data"]): AddressMembers {
  const sent = addressMembers.filter((member) => data[member] !== undefined);
  return Object.fromEntries(sent.map((member) => [member, data[member] ?? ""]));
}

function renderAddress(call: Call, owner: AddressOwner, stored: StoredAddress): Static<typeof address> {
  const { members } = stored;
  const text = (member: (typeof addressMembers)[number]): string => members[member] ?? "";
  const relative = { id: owner.id, type: owner.kind };
  const ownerPath = `${call.baseUrl}/v2/${owner.kind}s/${encodeURIComponent(owner.id)}`;
  return {
    id: stored.id,
    type: "address",
    name: text("name"),
    first_name: text("first_name"),
    last_name: text("last_name"),
    company_name: text("company_name"),
    phone_number: text("phone_number"),
    line_1: text("line_1"),
    line_2: text("line_2"),
    ...(members.line_3 !== undefined && { line_3: members.line_3 }),
    city: text("city"),
    county: text("county"),
    region: text("region"),
    postcode: text("postcode"),
    country: text("country"),
    instructions: text("instructions"),
    links: { self: `${ownerPath}/addresses/${stored.id}` },
    meta: { timestamps: { created_at: stored.createdAt, updated_at: stored.updatedAt } },
    relationships: owner.kind === "customer" ? { customer: relative } : { account: relative },
  };
}
