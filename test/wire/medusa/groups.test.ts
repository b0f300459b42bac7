import { beforeAll, describe, expect, test } from "vitest";
import { aRegion, aShirt } from "./catalog-shop.ts";
import { useMedusa } from "./harness.ts";

const wire = useMedusa();
beforeAll(() => aRegion(wire));

const refused = async (method: string, path: string, body?: unknown) => {
  const answer = await wire.ask(method, path, body, { as: "admin" });
  return [answer.status, answer.body.type, answer.body.message];
};
const idsOf = (products: { id: string }[]) => products.map(({ id }) => id);
const listed = async (query: string) =>
  idsOf((await wire.ask("GET", `/store/products?${query}`)).body.products);

describe("a collection", () => {
  test("is made, renamed, filled, emptied and deleted; its products stay", async () => {
    const { collection } = await wire.admin("POST", "/admin/collections", { title: "Late Summer" });
    expect(collection).toMatchObject({ title: "Late Summer", handle: "late-summer", products: [] });
    expect(await refused("POST", "/admin/collections", { title: "Late summer" })).toEqual([
      422,
      "duplicate_error",
      "Product_collection with handle late-summer already exists.",
    ]);
    const [one, other] = [await aShirt(wire, { collection_id: collection.id }), await aShirt(wire)];
    const path = `/admin/collections/${collection.id}`;
    const filled = await wire.admin("POST", `${path}/products/batch`, { product_ids: [other.id] });
    expect(idsOf(filled.collection.products).sort()).toEqual([one.id, other.id].sort());
    expect(await listed(`collection_id[]=${collection.id}`)).toEqual([other.id, one.id]);

    const renamed = await wire.admin("POST", path, { handle: "autumn", metadata: { season: 3 } });
    expect(renamed.collection).toMatchObject({ handle: "autumn", metadata: { season: 3 } });
    const { products } = (await wire.ask("GET", `/store/products?id=${one.id}`)).body;
    expect(products[0].collection).toMatchObject({ id: collection.id, handle: "autumn" });

    const body = { product_ids: [one.id] };
    const answer = await wire.ask("DELETE", `${path}/products/batch`, body, { as: "admin" });
    expect(answer.body).toEqual({
      id: collection.id,
      object: "product-collection",
      removed_products: [one.id],
    });
    expect(await listed(`collection_id[]=${collection.id}`)).toEqual([other.id]);
    for (const _ of [1, 2]) {
      expect(await wire.admin("DELETE", path)).toMatchObject({ id: collection.id, deleted: true });
    }
    expect((await wire.ask("GET", `/store/collections/${collection.id}`)).status).toBe(404);
    expect((await wire.admin("GET", `/admin/products/${other.id}`)).product).toMatchObject({
      collection: null,
      collection_id: null,
    });
  });

  test("is found by handle, title and text", async () => {
    await wire.admin("POST", "/admin/collections", { title: "Winter coats", handle: "coats" });
    for (const query of ["handle[]=coats", "handle=coats", "title=Winter%20coats", "q=winter"]) {
      const { body } = await wire.ask("GET", `/store/collections?${query}`);
      expect(body, query).toMatchObject({
        count: 1,
        limit: 10,
        offset: 0,
        collections: [{ handle: "coats" }],
      });
    }
  });
});

describe("a category", () => {
  const make = async (name: string, members: object = {}) =>
    (await wire.admin("POST", "/admin/product-categories", { name, is_active: true, ...members }))
      .product_category;

  test("has its place in the tree, and shoppers see active ones that are not internal", async () => {
    const top = await make("Clothes");
    const [coats, hats] = [
      await make("Coats", { parent_category_id: top.id }),
      await make("Hats", { parent_category_id: top.id }),
    ];
    const secret = await make("Samples", { parent_category_id: top.id, is_internal: true });
    expect([coats.rank, hats.rank, secret.rank]).toEqual([0, 1, 2]);
    const moved = await wire.admin("POST", `/admin/product-categories/${hats.id}`, { rank: 0 });
    expect(moved.product_category).toMatchObject({ rank: 0, parent_category: { id: top.id } });

    const { body } = await wire.ask("GET", `/store/product-categories/${top.id}`);
    const { product_category: shown } = body;
    expect(shown.category_children.map(({ name }: { name: string }) => name)).toEqual(["Hats", "Coats"]);
    expect(shown).not.toHaveProperty("is_internal");
    expect((await wire.ask("GET", `/store/product-categories/${secret.id}`)).status).toBe(404);
    const all = await wire.admin("GET", `/admin/product-categories?parent_category_id=${top.id}`);
    expect(all.count).toBe(3);

    expect(
      await refused("POST", `/admin/product-categories/${top.id}`, { parent_category_id: hats.id }),
    ).toEqual([400, "not_allowed", "A category cannot be put below itself"]);
    expect((await refused("DELETE", `/admin/product-categories/${top.id}`))[0]).toBe(400);
    expect((await refused("POST", "/admin/product-categories", { name: "Hats" }))[0]).toBe(422);
  });

  test("has products, until they are taken out or it goes", async () => {
    const category = await make("Ties");
    const path = `/admin/product-categories/${category.id}`;
    const [one, other] = [await aShirt(wire, { categories: [{ id: category.id }] }), await aShirt(wire)];
    await wire.admin("POST", `${path}/products/batch`, { product_ids: [{ id: other.id }] });
    expect(await listed(`category_id[]=${category.id}`)).toEqual([other.id, one.id]);
    const expanded = await wire.ask("GET", `/store/products/${one.id}?expand=categories`);
    expect(expanded.body.product.categories).toMatchObject([{ id: category.id, name: "Ties" }]);
    expect(expanded.body.product).not.toHaveProperty("variants");
    const body = { product_ids: [{ id: one.id }] };
    const taken = await wire.ask("DELETE", `${path}/products/batch`, body, { as: "admin" });
    expect(taken.status).toBe(200);
    expect(await listed(`category_id[]=${category.id}`)).toEqual([other.id]);
    expect(await wire.admin("DELETE", path)).toMatchObject({ id: category.id, deleted: true });
    expect((await wire.admin("GET", `/admin/products/${other.id}`)).product.categories).toEqual([]);
    expect((await refused("DELETE", path))[0]).toBe(404);
  });
});

test("tags and types are listed, and tags by how many products have them", async () => {
  const tagged = await aShirt(wire, {
    tags: [{ value: "rare" }, { value: "often" }],
    type: { value: "Shirt" },
  });
  await aShirt(wire, { tags: [{ value: "often" }] });
  const { tags } = await wire.admin("GET", "/admin/products/tag-usage");
  expect(tags).toMatchObject([
    { value: "often", usage_count: 2 },
    { value: "rare", usage_count: 1 },
  ]);
  const { product_tags: found } = await wire.admin("GET", "/admin/product-tags?q=rar");
  expect(found).toMatchObject([{ value: "rare" }]);
  expect(await listed(`tags[]=${found[0].id}`)).toEqual([tagged.id]);
  const { types } = await wire.admin("GET", "/admin/products/types");
  expect(types).toMatchObject([{ id: tagged.type_id, value: "Shirt" }]);
  expect((await wire.admin("GET", "/admin/product-types")).product_types).toEqual(types);
  expect(await listed(`type_id[]=${tagged.type_id}`)).toEqual([tagged.id]);
});
