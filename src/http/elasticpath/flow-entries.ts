import Type from "typebox";
import type { ExtensibleResource } from "../../domain/custom-fields/field.ts";
import { ok, type Result } from "../../domain/result.ts";
import { updateCart } from "../../operations/edit-cart.ts";
import type { Refusal } from "../../operations/refusal.ts";
import { updateProduct } from "../../operations/save-product.ts";
import { updateCustomer } from "../../operations/update-customer.ts";
import { changeOrderDetails } from "../../operations/update-order.ts";
import { type Call, type Method, type Reply, type Route, route } from "../route.ts";
import { customFieldsOf, invalidCustomFields, shownCustomFields } from "./custom-fields.ts";
import { problem, refused } from "./errors.ts";
import { entrySchema } from "./flow-schemas.ts";
import { isExtensible } from "./flows.ts";
import { invalidBody } from "./invalid-body.ts";
import { commonErrors, one } from "./schemas.ts";

/** What of a resource an entry shows. */
type Extended = {
  readonly id: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

const tag = "Flows";
const path = "/v2/flows/:slug/entries/:entryId";

/** The custom fields of one resource by themselves: another way to what the resource's own routes show and change. */
export const flowEntryRoutes: readonly Route[] = [
  route({
    method: "GET",
    path,
    access: "shop",
    tag,
    summary: "Get the custom fields of a cart, order, customer or product",
    responses: { 200: one(entrySchema), ...commonErrors },
    async handle(call) {
      const resource = await resourceOf(call);
      if (typeof resource !== "string") return resource;
      const found = await load(call, resource);
      return found ? entryReply(call, resource, found) : refused(notFound(resource, entryId(call)));
    },
  }),
  route({
    method: "PUT",
    path,
    access: "shop",
    tag,
    summary: "Set custom fields of a cart, order, customer or product",
    body: Type.Object({ data: Type.Object({}) }),
    responses: { 200: one(entrySchema), ...commonErrors },
    async handle(call) {
      const resource = await resourceOf(call);
      if (typeof resource !== "string") return resource;
      const { data } = call.body;
      const invalid = invalidCustomFields(call, resource, data, { creating: false });
      if (invalid.length > 0) return invalidBody(invalid);
      const fields = customFieldsOf(call, resource, data);
      const found = await load(call, resource);
      if (!found) return refused(notFound(resource, entryId(call)));
      const changed = fields ? await change(call, resource, fields) : ok(found);
      return changed.ok ? entryReply(call, resource, changed.value) : refused(changed.error);
    },
  }),
  managed("GET", "/v2/flows/:slug/entries", "List entries: not offered, list the resources themselves"),
  managed("POST", "/v2/flows/:slug/entries", "Create an entry: not offered, every resource has its own"),
  managed("DELETE", path, "Delete an entry: not offered, it is its resource's"),
];

/** The resources whose fields can be had by their id alone. */
type Entry = Exclude<ExtensibleResource, "cart_items" | "order_items">;

const entryId = ({ params }: Pick<Call, "params">): string => params.entryId as string;

/** The resource of the flow that the path names, or why it has no entries. */
async function resourceOf(call: Call): Promise<Entry | Reply> {
  const slug = call.params.slug as string;
  const { storeId } = call.context.store;
  const flow = isExtensible(slug) ? await call.deps.storage.flows.findBySlug(storeId, slug) : undefined;
  if (!flow) return refused({ type: "flow_not_found", flow: slug });
  if (flow.slug === "cart_items" || flow.slug === "order_items") {
    const whole = flow.slug === "cart_items" ? "cart" : "order";
    return problem(
      422,
      "Unprocessable Entity",
      `The fields of ${flow.slug} can be had with their ${whole} only`,
    );
  }
  return flow.slug;
}

function load(call: Call, resource: Entry): Promise<Extended | undefined> {
  const { storage, now } = call.deps;
  const { storeId } = call.context.store;
  const id = entryId(call);
  switch (resource) {
    case "carts":
      return storage.carts.load(storeId, id, now()).then(({ cart }) => cart);
    case "orders":
      return storage.orders.load(storeId, id);
    case "customers":
      return storage.customers.load(storeId, id);
    case "products":
      return storage.products.load(storeId, id).then((stocked) => stocked?.product);
  }
}

async function change(
  call: Call,
  resource: Entry,
  fields: Readonly<Record<string, unknown>>,
): Promise<Result<Extended, Refusal>> {
  const { deps, context } = call;
  const id = entryId(call);
  switch (resource) {
    case "carts": {
      const updated = await updateCart(deps, context, { cartId: id, fields });
      return updated.ok ? ok(updated.value.cart) : updated;
    }
    case "orders":
      return changeOrderDetails(deps, context, id, { fields });
    case "customers":
      return updateCustomer(deps, context, { customerId: id, fields });
    case "products": {
      const updated = await updateProduct(deps, context, id, { fields });
      return updated.ok ? ok(updated.value.product) : updated;
    }
  }
}

function notFound(resource: Entry, id: string): Refusal {
  switch (resource) {
    case "carts":
      return { type: "cart_not_found", cartId: id };
    case "orders":
      return { type: "order_not_found", orderId: id };
    case "customers":
      return { type: "customer_not_found", customerId: id };
    case "products":
      return { type: "product_not_found", id };
  }
}

function entryReply({ context, baseUrl }: Call, resource: Entry, extended: Extended): Reply {
  const { id, fields, createdAt, updatedAt } = extended;
  return {
    status: 200,
    body: {
      data: {
        ...shownCustomFields(context.store, resource, fields),
        id,
        type: "entry",
        links: { self: `${baseUrl}/v2/flows/${resource}/entries/${encodeURIComponent(id)}` },
        meta: { owner: "store", timestamps: { created_at: createdAt, updated_at: updatedAt } },
      },
    },
  };
}

/** A route of the vendor's for entries that somebody makes and deletes; ours come and go with their resources. */
function managed(method: Method, managedPath: string, summary: string): Route {
  return route({
    method,
    path: managedPath,
    access: "shop",
    tag,
    summary,
    responses: commonErrors,
    async handle() {
      return problem(
        422,
        "Unprocessable Entity",
        "Entries of these flows come and go with the resources that they belong to",
      );
    },
  });
}
