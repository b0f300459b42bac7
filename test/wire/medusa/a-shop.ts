import type { MedusaWire } from "./harness.ts";

/** What a test shop sells: ids on the wire. */
export type Shop = {
  readonly regionId: string;
  readonly optionId: string;
  readonly freeOptionId: string;
  /** 1000 a piece, `pieces` in stock. */
  readonly variantId: string;
  /** 333 a piece, without stock. */
  readonly uncountedId: string;
};

/** A region with 20 % tax and two ways of shipping, and a product with two variants; `name` sets it apart from others. */
export async function aShop(
  wire: MedusaWire,
  {
    name = "Main",
    pieces = 10,
    country = "de",
    providers = ["manual", "testpay"],
  }: {
    readonly name?: string;
    readonly pieces?: number;
    readonly country?: string;
    readonly providers?: readonly string[];
  } = {},
): Promise<Shop> {
  await wire.admin("POST", "/admin/store", { currencies: ["eur", "usd"] });
  const { region } = await wire.admin("POST", "/admin/regions", {
    name,
    currency_code: "eur",
    tax_rate: 20,
    countries: [country],
    payment_providers: providers,
    fulfillment_providers: ["manual"],
  });
  const { shipping_profiles: profiles } = await wire.admin("GET", "/admin/shipping-profiles");
  const profile = profiles.find(({ type }: { type: string }) => type === "default");
  const option = async (body: object) => {
    const { shipping_option: made } = await wire.admin("POST", "/admin/shipping-options", {
      region_id: region.id,
      profile_id: profile.id,
      provider_id: "manual",
      data: { id: "manual-fulfillment" },
      price_type: "flat_rate",
      ...body,
    });
    return made.id as string;
  };
  const optionId = await option({ name: "Standard", amount: 500 });
  const requirements = [{ type: "min_subtotal", amount: 5000 }];
  const freeOptionId = await option({ name: "Free", amount: 0, requirements });
  const product = await aProduct(wire, `${name} tee`, pieces);
  return { regionId: region.id, optionId, freeOptionId, ...product };
}

/** A product with a counted and an uncounted variant. */
export async function aProduct(wire: MedusaWire, title: string, pieces: number) {
  const { product } = await wire.admin("POST", "/admin/products", {
    title,
    status: "published",
    options: [{ title: "Size" }],
    variants: [
      {
        title: "S",
        inventory_quantity: pieces,
        manage_inventory: true,
        prices: [{ currency_code: "eur", amount: 1000 }],
        options: [{ value: "S" }],
      },
      {
        title: "M",
        manage_inventory: false,
        prices: [{ currency_code: "eur", amount: 333 }],
        options: [{ value: "M" }],
      },
    ],
  });
  const [counted, uncounted] = product.variants as { id: string }[];
  return { variantId: counted?.id as string, uncountedId: uncounted?.id as string };
}

/** A cart that only has to be completed; answers its path. */
export async function readyCart(
  wire: MedusaWire,
  shop: Shop,
  {
    items = [{ variant_id: shop.variantId, quantity: 1 }],
    provider = "testpay",
    email = "ada@example.com",
    update = {},
  }: {
    readonly items?: readonly { readonly variant_id: string; readonly quantity: number }[];
    readonly provider?: string;
    readonly email?: string;
    readonly update?: object;
  } = {},
): Promise<string> {
  const post = async (path: string, body?: object) => {
    const answer = await wire.ask("POST", path, body);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.cart;
  };
  const cart = await post("/store/carts", { region_id: shop.regionId, items });
  const path = `/store/carts/${cart.id}`;
  await post(path, { email, shipping_address: { first_name: "Ada", city: "Berlin" }, ...update });
  const { payment_sessions: sessions } = await post(`${path}/payment-sessions`);
  if (sessions.length > 0) await post(`${path}/payment-session`, { provider_id: provider });
  return path;
}

/** The three numbers of a variant's stock, as Elastic Path shows them. */
export async function stockOf(wire: MedusaWire, variantId: string) {
  const { body } = await wire.engine.ask("GET", `/v2/inventories/${coreId(variantId)}`);
  const { total, allocated, available } = body.data;
  return { total, allocated, available };
}

/** The id that the other dialect calls it by. */
export function coreId(wireId: string): string {
  const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const ulid = wireId.slice(wireId.indexOf("_") + 1);
  const bits = [...ulid].reduce((sum, digit) => (sum << 5n) | BigInt(digits.indexOf(digit)), 0n);
  const hex = bits.toString(16).padStart(32, "0");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
