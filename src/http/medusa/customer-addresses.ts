import Type, { type Static } from "typebox";
import type { Result } from "../../domain/result.ts";
import type { Refusal } from "../../operations/refusal.ts";
import { addRegionAddress, changeRegionAddress } from "../../operations/save-region-address.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { validatorOf } from "../validation.ts";
import { customerWithAddresses, newAddress, partOfAddress } from "./customer-schemas.ts";
import { meReply } from "./customers.ts";
import { refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { invalidBody } from "./invalid-body.ts";
import { bodyOf, error, one, plainText } from "./schemas.ts";

const responses = {
  200: one("customer", customerWithAddresses),
  400: error,
  401: plainText,
  404: error,
} as const;

const invalidAddress = validatorOf(newAddress);

/** The address book of the signed-in customer; every answer shows the customer with all of it. */
export const customerAddressRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/store/customers/me/addresses",
    access: "shopper",
    tag: "Customers",
    summary: "Add an address to the signed-in customer's",
    // What is wrong with the address is told as of the body itself.
    body: bodyOf({ address: Type.Record(Type.String(), Type.Unknown()) }),
    shownBody: bodyOf({ address: newAddress }),
    responses,
    async handle(call) {
      const { address } = call.body;
      const invalid = invalidAddress(address);
      if (invalid.length > 0) return invalidBody(invalid);
      const given = address as Static<typeof newAddress>;
      return answer(call, await addRegionAddress(call.deps, call.context, me(call), given));
    },
  }),
  route({
    method: "POST",
    path: "/store/customers/me/addresses/:addressId",
    access: "shopper",
    tag: "Customers",
    summary: "Change an address of the signed-in customer",
    body: partOfAddress,
    responses,
    handle: async (call) =>
      answer(call, await changeRegionAddress(call.deps, call.context, me(call), addressOf(call), call.body)),
  }),
  route({
    method: "DELETE",
    path: "/store/customers/me/addresses/:addressId",
    access: "shopper",
    tag: "Customers",
    summary: "Take an address away from the signed-in customer; one that is gone is no error",
    responses,
    async handle(call) {
      const { deps, context } = call;
      await deps.storage.addresses.delete(context.store.storeId, me(call), addressOf(call));
      return meReply(call);
    },
  }),
];

const me = ({ context }: Call): string => context.actor.customerId as string;
const addressOf = ({ params }: Call): string => engineId("addr", params.addressId as string);

async function answer(call: Call, done: Result<void, Refusal>): Promise<Reply> {
  return done.ok ? meReply(call) : refused(done.error);
}
