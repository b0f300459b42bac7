import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { newProduct, rejection, type Sdk, type SdkName, sdkNames, useWire } from "./harness.ts";
import { newEmail, signedInAccount, signedInCustomer } from "./shoppers.ts";

const wire = useWire();

const clients = (name: SdkName): { shop: Sdk; shopper: Sdk } => ({
  shop: wire.sdk(name, "shop"),
  shopper: wire.sdk(name, "shopper"),
});

const ids = (answer: { data: { id: string }[] }): string[] => answer.data.map(({ id }) => id);

describe.each(sdkNames)("products and stock with %s", (name) => {
  test("Products: Create, Update, Get, All with a whole query, Delete", async () => {
    const { shop, shopper } = clients(name);
    const sku = `P-${randomUUID()}`;
    const product = {
      type: "product",
      name: "Lamp",
      slug: sku.toLowerCase(),
      sku,
      manage_stock: true,
      description: "A lamp",
      price: [{ amount: 100, currency: "USD", includes_tax: true }],
      status: "live",
      commodity_type: "physical",
    };
    const { data } = await shop.Products.Create({ ...product });
    expect(data).toMatchObject({ ...product, meta: { display_price: { with_tax: { formatted: "$1.00" } } } });
    expect((await shop.Products.Update(data.id, { name: "Big lamp" })).data).toMatchObject({
      name: "Big lamp",
      sku,
    });
    expect((await shopper.Products.Get(data.id)).data.name).toBe("Big lamp");
    const found = await shop.Products.With(["main_image", "files"])
      .Limit(10)
      .Offset(0)
      .Sort("-created_at")
      .Filter({ eq: { status: "live", sku }, like: { name: "*lamp*" } })
      .All();
    expect(ids(found)).toEqual([data.id]);
    expect(found.meta.page).toEqual({ limit: 10, offset: 0, current: 1, total: 1 });
    expect((await shopper.Products.All()).meta.results.total).toBeGreaterThan(1);
    await shop.Products.Delete(data.id);
    expect((await rejection(shop.Products.Get(data.id))).errors).toEqual([
      {
        status: 404,
        title: "Product not found",
        detail: "The requested product could not be found",
        meta: { id: data.id },
      },
    ]);
    const forbidden = await rejection(shopper.Products.Create({ ...product }));
    expect(forbidden.errors).toMatchObject([{ status: 403 }]);
  });

  test("Inventories: Create, Get, all movements and their log, GetMultipleStock, All, Delete", async () => {
    const { shop, shopper } = clients(name);
    const { id } = await newProduct(wire, { manage_stock: true });
    const stock = async () => {
      const { data } = await shopper.Inventories.Get(id);
      return [data.total, data.available, data.allocated];
    };
    await shop.Inventories.Create(id, 5);
    expect(await stock()).toEqual([5, 5, 0]);
    await shop.Inventories.IncrementStock(id, 5);
    await shop.Inventories.DecrementStock(id, 1);
    await shop.Inventories.AllocateStock(id, 4);
    expect(await stock()).toEqual([9, 5, 4]);
    const { data: moved } = await shop.Inventories.DeallocateStock(id, 1);
    expect(await stock()).toEqual([9, 6, 3]);
    expect(moved).toMatchObject({
      type: "stock-transaction",
      action: "deallocate",
      product_id: id,
      quantity: 1,
    });
    const log = await shop.Inventories.GetTransactions(id);
    const actions = log.data.map(({ action }: { action: string }) => action).sort();
    expect(actions).toEqual(["allocate", "create", "deallocate", "decrement", "increment"]);
    expect((await shop.Inventories.GetTransaction(id, moved.id)).data.id).toBe(moved.id);
    expect(ids(await shopper.Inventories.GetMultipleStock([id, randomUUID()]))).toEqual([id]);
    expect((await shop.Inventories.All()).meta.results.total).toBeGreaterThan(0);
    const tooMany = await rejection(shop.Inventories.DecrementStock(id, 7));
    expect(tooMany.errors).toMatchObject([
      {
        status: 422,
        title: "Cannot complete request",
        detail: "Your request could not be completed due to insufficient stock levels",
      },
    ]);
    await shop.Inventories.DeallocateStock(id, 3);
    await shop.Inventories.Delete(id);
    expect((await rejection(shop.Inventories.Get(id))).errors).toEqual([
      { status: 404, title: "Not Found", detail: "The resource could not be found" },
    ]);
  });

  test("ShopperCatalog: Get, Products.All, Products.Get, Hierarchies.All; nothing can be configured", async () => {
    const { shopper } = clients(name);
    expect((await shopper.ShopperCatalog.Get()).data.type).toBe("catalog-release");
    const { Products } = shopper.ShopperCatalog;
    const page = await Products.With("main_image")
      .Limit(5)
      .All({ additionalHeaders: { "EP-Channel": "web" } });
    expect(page.data).toHaveLength(5);
    const productId = page.data[0].id;
    expect((await Products.Get({ productId })).data).toMatchObject({ id: productId, type: "product" });
    expect((await shopper.ShopperCatalog.Hierarchies.All()).data.length).toBeGreaterThan(0);
    const options = { productId, selectedOptions: { a: { b: 1 } } };
    expect((await rejection(Products.Configure(options))).errors).toMatchObject([{ status: 422 }]);
  });
});

describe.each(sdkNames)("customers and accounts with %s", (name) => {
  test("Customers: Create, Token, Get, Update, All, Delete", async () => {
    const { shop, shopper } = clients(name);
    const email = newEmail();
    const password = "correct horse battery";
    const { data } = await shopper.Customers.Create({ type: "customer", name: "N", email, password });
    expect(data).toMatchObject({ type: "customer", name: "N", email, password: true });
    const { data: signedIn } = await shopper.Customers.Token(email, password);
    expect(signedIn).toMatchObject({ type: "token", customer_id: data.id });
    expect((await shopper.Customers.TokenViaPassword(email, password)).data.customer_id).toBe(data.id);
    expect((await shopper.Customers.Get(data.id, signedIn.token)).data.email).toBe(email);
    const renamed = await shopper.Customers.Update(data.id, { name: "X" }, signedIn.token);
    expect(renamed.data).toMatchObject({ name: "X", email });
    expect(ids(await shop.Customers.Filter({ eq: { email } }).All())).toEqual([data.id]);
    expect((await rejection(shopper.Customers.All())).errors).toMatchObject([{ status: 403 }]);
    await shop.Customers.Delete(data.id);
    expect((await rejection(shop.Customers.Get(data.id))).errors).toMatchObject([
      { status: 404, title: "Not Found", detail: "customer not found" },
    ]);
  });

  test("CustomerAddresses: Create, All, Get, Update, Delete", async () => {
    const { shopper } = clients(name);
    const { id: customer, token } = await signedInCustomer(wire);
    const home = {
      type: "address",
      name: "Home",
      first_name: "A",
      last_name: "B",
      line_1: "L1",
      region: "CA",
      postcode: "1",
      country: "US",
      county: "Orange",
    };
    const { data } = await shopper.CustomerAddresses.Create({ customer, body: { ...home }, token });
    expect(data).toMatchObject(home);
    const address = data.id;
    expect(ids(await shopper.CustomerAddresses.All({ customer, token }))).toEqual([address]);
    expect((await shopper.CustomerAddresses.Get({ customer, address, token })).data.id).toBe(address);
    const moved = await shopper.CustomerAddresses.Update({ customer, address, body: { name: "H2" }, token });
    expect(moved.data).toMatchObject({ ...home, name: "H2" });
    await shopper.CustomerAddresses.Delete({ customer, address, token });
    expect((await shopper.CustomerAddresses.All({ customer, token })).data).toEqual([]);
  });

  test("Accounts, AccountMembers, AccountMemberships, AccountAddresses", async () => {
    const { shop, shopper } = clients(name);
    const { data: account } = await shop.Accounts.Create({ type: "account", name: "Acme" });
    expect((await shop.Accounts.All()).data.map(({ id }: { id: string }) => id)).toContain(account.id);
    expect((await shop.Accounts.Get(account.id)).data.name).toBe("Acme");
    expect((await shop.Accounts.Update(account.id, { type: "account", name: "Acme Ltd" })).data.name).toBe(
      "Acme Ltd",
    );
    const member = await signedInAccount(wire);
    expect((await shop.AccountMembers.Get(member.memberId)).data.type).toBe("account_member");
    expect((await shop.AccountMembers.All()).meta.results.total).toBeGreaterThan(0);
    const membership = { type: "account_membership", account_member_id: member.memberId };
    const joined = (await shop.AccountMemberships.Create(account.id, membership)).data;
    expect(ids(await shop.AccountMemberships.All(account.id))).toEqual([joined.id]);
    const signIn = {
      type: "account_management_authentication_token",
      authentication_mechanism: "password",
      password_profile_id: "any",
      username: member.username,
      password: "correct horse battery",
    };
    const signedIn = await shopper.AccountMembers.GenerateAccountToken(signIn);
    const accounts = signedIn.data.map(({ account_id }: { account_id: string }) => account_id);
    expect(accounts.sort()).toEqual([account.id, member.id].sort());
    const mine = { account: member.id, token: member.token };
    expect((await shopper.AccountAddresses.All(mine)).data).toEqual([]);
    expect((await rejection(shopper.AccountAddresses.All({ account: member.id }))).errors).toMatchObject([
      { status: "403" },
    ]);
    await shop.AccountMemberships.Delete(account.id, joined.id);
    await shop.Accounts.Delete(account.id);
  });
});

describe.each(sdkNames)("the store with %s", (name) => {
  test("Currencies: Create, All, Get, Update, Set, Delete", async () => {
    const { shop, shopper } = clients(name);
    const pound = {
      type: "currency",
      code: "GBP",
      exchange_rate: 1,
      format: "£{price}",
      decimal_point: ".",
      thousand_separator: ",",
      decimal_places: 2,
      default: false,
      enabled: true,
    };
    const { data } = await shop.Currencies.Create({ ...pound });
    expect(data).toMatchObject(pound);
    expect(ids(await shopper.Currencies.All())).toContain(data.id);
    expect((await shopper.Currencies.Get(data.id)).data.code).toBe("GBP");
    expect((await shop.Currencies.Update(data.id, { exchange_rate: 1.5 })).data).toMatchObject({
      ...pound,
      exchange_rate: 1.5,
    });
    await shopper.Currencies.Set("GBP");
    const answers = await wire.during(() => shopper.Products.All());
    expect(answers.at(-1)?.requestHeaders.get("x-moltin-currency")).toBe("GBP");
    await shop.Currencies.Delete(data.id);
    expect((await rejection(shop.Currencies.Get(data.id))).errors).toMatchObject([
      { status: 404, title: "Not Found", detail: "currency not found" },
    ]);
  });

  test("Settings: All, Update, Cart, UpdateCart", async () => {
    const { shop, shopper } = clients(name);
    expect((await shop.Settings.All()).data).toMatchObject({ type: "settings", page_length: 25 });
    expect((await shop.Settings.Update({ page_length: 50 })).data.page_length).toBe(50);
    expect((await shop.Products.All()).meta.page.limit).toBe(50);
    await shop.Settings.Update({ page_length: 25 });
    expect((await shop.Settings.Cart()).data).toMatchObject({ type: "settings", cart_expiry_days: 7 });
    expect((await shop.Settings.UpdateCart({ cart_expiry_days: 30 })).data.cart_expiry_days).toBe(30);
    await shop.Settings.UpdateCart({ cart_expiry_days: 7 });
    expect((await rejection(shopper.Settings.All())).errors).toMatchObject([{ status: "403" }]);
  });

  test("Gateways: All, Get, Enabled, Update", async () => {
    const { shop, shopper } = clients(name);
    const slugs = (await shop.Gateways.All()).data.map(({ slug }: { slug: string }) => slug);
    expect(slugs).toEqual(
      expect.arrayContaining(["manual", "stripe", "braintree", "paypal_express_checkout"]),
    );
    expect((await shop.Gateways.Get("manual")).data).toMatchObject({
      type: "gateway",
      slug: "manual",
      name: "Manual",
    });
    expect((await shop.Gateways.Enabled("manual", false)).data.enabled).toBe(false);
    expect((await shop.Gateways.Enabled("manual", true)).data.enabled).toBe(true);
    const stripe = await shop.Gateways.Update("stripe", { enabled: true, login: "sk" });
    expect(stripe.data).toMatchObject({ enabled: true, login: "****" });
    const absent = await rejection(shop.Gateways.Update("card_connect", { enabled: true, password: "k" }));
    expect(absent.errors).toMatchObject([{ status: 422 }]);
    expect((await rejection(shopper.Gateways.All())).errors).toMatchObject([{ status: 403 }]);
    expect((await rejection(shop.Gateways.Get("nothing"))).errors).toMatchObject([{ status: 404 }]);
  });
});
