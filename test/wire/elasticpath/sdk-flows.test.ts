import { expect, test } from "vitest";
import { newReference } from "../../engine.ts";
import { address, buyer, newProduct, rejection, sdkNames, useWire } from "./harness.ts";

const wire = useWire();

test.each(sdkNames)("custom fields of orders with %s", async (name) => {
  const shop = wire.sdk(name, "shop");
  const shopper = wire.sdk(name, "shopper");
  const flows = (await shop.Flows.All()).data;
  const present = flows.find(({ slug }: { slug: string }) => slug === "orders");
  const created = { name: "Orders", slug: "orders", description: "More about orders", enabled: true };
  const flow = present ?? (await shop.Flows.Create(created)).data;
  expect(flow).toMatchObject({ type: "flow", slug: "orders", enabled: true });
  const slug = `consignment-${name.length}`;
  const field = await shop.Fields.Create({
    type: "field",
    name: "Consignment",
    slug,
    field_type: "string",
    description: "What the carrier calls it",
    required: false,
    enabled: true,
    order: 1,
    relationships: { flow: { data: { type: "flow", id: flow.id } } },
  });
  expect(field.data).toMatchObject({ type: "field", slug, field_type: "string" });
  expect((await shop.Flows.GetFields("orders")).data).toContainEqual(expect.objectContaining({ slug }));
  const attributes = (await shop.Orders.Attributes()).data;
  expect(attributes).toContainEqual(expect.objectContaining({ value: slug }));

  const cart = shopper.Cart(newReference());
  await cart.AddProduct((await newProduct(wire)).id);
  const order = (await cart.Checkout(buyer, address)).data;
  expect(order[slug]).toBeNull();
  expect((await shop.Orders.Update(order.id, { [slug]: "C-7" })).data[slug]).toBe("C-7");
  expect((await shop.Orders.Get(order.id)).data[slug]).toBe("C-7");
  const entry = await rejection(shop.Flows.CreateEntry("orders", { [slug]: "C-8" }));
  expect(entry.errors[0]?.status).toBeLessThan(500);
  await shop.Fields.Delete(field.data.id);
  expect((await shop.Orders.Get(order.id)).data).not.toHaveProperty(slug);
});
