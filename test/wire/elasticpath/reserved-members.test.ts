import type { TSchema } from "typebox";
import { describe, expect, test } from "vitest";
import { extensibleResources } from "../../../src/domain/custom-fields/field.ts";
import {
  cart,
  cartBody,
  cartItem,
  cartItemBody,
  customItemBody,
  itemChangeBody,
  mergeBody,
  promotionItemBody,
  reorderBody,
} from "../../../src/http/elasticpath/cart-schemas.ts";
import {
  checkoutBody,
  order,
  orderItem,
  orderUpdateBody,
} from "../../../src/http/elasticpath/order-schemas.ts";
import { newProductBody, productSchema } from "../../../src/http/elasticpath/product-schemas.ts";
import { reservedMembers } from "../../../src/http/elasticpath/reserved-members.ts";
import { asShopper, checkOut, filledCart } from "./defined-fields.ts";
import { newProduct, useWire } from "./harness.ts";
import { signedInCustomer } from "./shoppers.ts";

const wire = useWire();

type Json = Readonly<Record<string, unknown>>;

const membersOf = (schema: TSchema): string[] =>
  Object.keys((schema as unknown as { properties: object }).properties);

describe("no custom field can have the slug of a member", () => {
  test("that a resource is shown with", async () => {
    const reference = await filledCart(wire, { custom_inputs: { a: "b" }, location: "l" });
    const contact = { email: "ada@example.com" };
    const data = { contact, custom_attributes: { channel: { type: "string", value: "web" } } };
    await wire.ask("PUT", `/v2/carts/${reference}`, { data }, asShopper);
    const shown = (await wire.ask("GET", `/v2/carts/${reference}?include=items`, undefined, asShopper)).body;
    const placed = (await checkOut(wire, reference, { order_number: "1", external_ref: "r" })).body;
    const { id } = await signedInCustomer(wire);
    const customer = await wire.ask("PUT", `/v2/customers/${id}`, { data: { external_ref: "r" } });
    const product = await newProduct(wire, { stock: 1 });
    const { body: catalog } = await wire.ask("GET", "/catalog/products?page[limit]=100");
    const bases = catalog.data.filter(({ attributes }: Record<string, Json>) => attributes?.base_product);
    const children = `/catalog/products/${bases[0].id}/relationships/children`;
    const [variant] = (await wire.ask("GET", children)).body.data;
    expect(variant.attributes.base_product_id).toBe(bases[0].id);
    const seen = {
      carts: shown.data,
      cart_items: shown.included.items[0],
      orders: placed.data,
      order_items: placed.included.items[0],
      customers: customer.body.data,
      products: { ...product, ...variant.attributes },
    };
    for (const resource of extensibleResources) {
      const members = Object.keys(seen[resource]);
      expect(members.length, resource).toBeGreaterThan(6);
      expect(
        members.filter((member) => !reservedMembers[resource].has(member)),
        resource,
      ).toEqual([]);
    }
  });

  test("that is documented of what is sent and answered", () => {
    const bodies = [cartBody, checkoutBody, orderUpdateBody, newProductBody].map(({ properties }) =>
      membersOf(properties.data),
    );
    const [cartMembers = [], checkoutMembers = [], updateMembers = [], productMembers = []] = bodies;
    const itemBodies = [
      cartItemBody,
      customItemBody,
      itemChangeBody,
      mergeBody,
      promotionItemBody,
      reorderBody,
    ];
    const documented = {
      carts: [...cartMembers, ...membersOf(cart)],
      cart_items: [...itemBodies.flatMap(membersOf), ...membersOf(cartItem)],
      orders: [...checkoutMembers, ...updateMembers, ...membersOf(order)],
      order_items: membersOf(orderItem),
      products: [...productMembers, ...membersOf(productSchema)],
    };
    for (const [resource, members] of Object.entries(documented)) {
      expect(members.length, resource).toBeGreaterThan(6);
      const reserved = reservedMembers[resource as keyof typeof documented];
      expect(
        members.filter((member) => !reserved.has(member)),
        resource,
      ).toEqual([]);
    }
  });
});
