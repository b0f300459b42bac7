import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newReference } from "../../engine.ts";
import { checkOut, defineFields, deleteFlows, filledCart } from "./defined-fields.ts";
import { newProduct, rejection, type Sdk, useWire } from "./harness.ts";
import { signedInCustomer } from "./shoppers.ts";

const wire = useWire();
let shop: Sdk;
beforeAll(() => {
  shop = wire.sdk("@moltin/sdk", "shop");
});
beforeEach(() => deleteFlows(wire));

describe("entries", () => {
  test("are another way to the fields of a cart, order, customer or product", async () => {
    for (const resource of ["carts", "orders", "customers", "products"])
      await defineFields(wire, resource, { note: "string" });
    const cart = await filledCart(wire);
    const { id: order } = (await checkOut(wire, cart)).body.data;
    const { id: customer } = await signedInCustomer(wire);
    const { id: product } = await newProduct(wire);
    for (const [slug, id] of Object.entries({
      carts: cart,
      orders: order,
      customers: customer,
      products: product,
    })) {
      expect((await shop.Flows.GetEntry(slug, id)).data).toMatchObject({ id, type: "entry", note: null });
      const { data } = await shop.Flows.UpdateEntry(slug, id, { note: "n", name: "not a field" });
      expect(data).toMatchObject({ id, type: "entry", note: "n", meta: { owner: "store" } });
      expect(data).not.toHaveProperty("name");
      expect((await wire.ask("GET", `/v2/${slug}/${id}`)).body.data.note).toBe("n");
      expect((await shop.Flows.UpdateEntry(slug, id, {})).data).toEqual(data);
      expect(await rejection(shop.Flows.UpdateEntry(slug, id, { note: 1 }))).toMatchObject({
        errors: [{ status: 400, source: "data.note" }],
      });
    }
  });

  test("are not made, listed or deleted, nor there for what is not there", async () => {
    for (const resource of ["carts", "orders", "customers", "products", "cart_items"])
      await defineFields(wire, resource, { note: "string" });
    const cart = newReference();
    for (const slug of ["carts", "orders", "customers", "products"]) {
      for (const refusal of await Promise.all(
        [shop.Flows.GetEntry(slug, cart), shop.Flows.UpdateEntry(slug, cart, { note: "n" })].map(rejection),
      )) {
        expect(refusal).toMatchObject({ errors: [{ status: 404 }] });
      }
    }
    for (const refusal of await Promise.all(
      [shop.Flows.GetEntry("order_items", "x"), shop.Flows.GetEntry("wishlist", "x")].map(rejection),
    )) {
      expect(refusal).toMatchObject({ errors: [{ status: 404, detail: "Flow not found" }] });
    }
    for (const refusal of await Promise.all(
      [
        shop.Flows.GetEntry("cart_items", "x"),
        shop.Flows.CreateEntry("carts", { note: "n" }),
        shop.Flows.GetEntries("carts"),
        shop.Flows.DeleteEntry("carts", cart),
      ].map(rejection),
    )) {
      expect(refusal).toMatchObject({ errors: [{ status: 422 }] });
    }
  });
});
