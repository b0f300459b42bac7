import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { type OpenApiDocument, openApi } from "./openapi-document.ts";

/** The vendor's own documents, which are no part of this project and may lie beside it. */
const directory = path.resolve(import.meta.dirname, "../../../../shared/reference/elasticpath/openapi");

/** In the order in which they are asked; the first that knows a path is believed. */
const documents = [
  { file: "carts-orders-checkout.json" },
  { file: "inventories.json", prefix: "/v2" },
  { file: "inventories-multi-location.json" },
  { file: "payment-gateways.json" },
  { file: "currencies.json" },
  { file: "customers.json" },
  { file: "promotions-standard.json" },
  { file: "rule-promotions.json" },
  { file: "customer-addresses.json" },
  { file: "account-management.json" },
  { file: "account-addresses.json" },
  { file: "settings.json" },
  { file: "authentication.json" },
  { file: "flows.json" },
  { file: "catalog-view.json" },
];

export type VendorSchemas = {
  /** What is wrong with an answer by the vendor's documents; nothing where they do not know the path. */
  problems(method: string, path: string, status: number, body: unknown): string[];
};

let loaded: VendorSchemas | undefined;
let said = false;

/** The vendor's schemas; undefined, after saying so once, where they are not at hand. */
export function vendorSchemas(): VendorSchemas | undefined {
  if (loaded) return loaded;
  if (!existsSync(directory)) {
    if (!said) console.info("The vendor's schemas are not at hand: answers were not compared with them.");
    said = true;
    return undefined;
  }
  const known = documents.map(({ file, prefix }) => ({
    file,
    document: openApi(read(file), prefix),
  }));
  const errorDocument = openApi(errorSchema());
  loaded = {
    problems(method, requestPath, status, body) {
      if (status >= 400) return errorDocument.find("GET", "/")?.problems("200", body) ?? [];
      // The documents leave these out, and would take the last part for an id.
      if (/^\/v2\/(carts|orders|customers|products)\/attributes$/.test(requestPath)) return [];
      return known.flatMap(({ file, document }) => {
        const found = document.find(method, requestPath);
        if (!found) return [];
        const match = documentedStatus(method, requestPath, status, found.statuses);
        if (match === undefined) return [`${file} does not document ${status} for ${found.name}`];
        // The vendor's document wraps the access token, and its server does not.
        const shown = requestPath === "/oauth/access_token" ? { data: body } : body;
        if (match === "listed") return [];
        return found.problems(match, shown).map((problem) => `${file}: ${problem}`);
      });
    },
  };
  return loaded;
}

/** The documented status to judge an answer by. Documents and prose of the vendor differ on 200, 201 and 204. */
function documentedStatus(
  method: string,
  requestPath: string,
  status: number,
  statuses: readonly string[],
): string | undefined {
  if (statuses.includes(String(status))) return String(status);
  const other = { 200: "201", 201: "200" }[status];
  if (other !== undefined && statuses.includes(other)) return other;
  // Removing all items answers the empty collection, which clients read; the document says 204.
  if (method === "DELETE" && /^\/v2\/carts\/[^/]+\/items$/.test(requestPath) && status === 200)
    return "listed";
  return undefined;
}

function read(file: string): OpenApiDocument {
  const document = JSON.parse(readFileSync(path.join(directory, file), "utf8"));
  return strengthened(repaired(document) as Json, file) as unknown as OpenApiDocument;
}

type Json = { [member: string]: unknown };

/** `oneOf` lists of the vendor match more than one of their entries; version 3.0 has a word of its own for null. */
function repaired(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(repaired);
  if (value === null || typeof value !== "object") return value;
  const { oneOf, nullable, ...rest } = value as Json;
  const copy: Json = Object.fromEntries(Object.entries(rest).map(([key, member]) => [key, repaired(member)]));
  if (Array.isArray(oneOf)) copy.anyOf = repaired(oneOf);
  else if (oneOf !== undefined) copy.oneOf = repaired(oneOf);
  if (nullable === true && typeof copy.type === "string") copy.type = [copy.type, "null"];
  else if (nullable !== undefined && typeof nullable !== "boolean") copy.nullable = repaired(nullable);
  // There is not always a page before and after; the vendor's prose and examples say null then.
  for (const name of ["last", "next", "prev"]) {
    const properties = copy.properties as Record<string, Json> | undefined;
    const link = properties?.[name];
    if (properties && link) properties[name] = { anyOf: [link, { type: "null" }] };
  }
  // The vendor's own links have bare brackets, which no URI may have.
  if (copy.format === "uri") delete copy.format;
  return copy;
}

const linePrices = ["with_tax", "without_tax", "tax", "discount", "without_discount"];
const cartPrices = [...linePrices, "shipping", "shipping_discount"];
const orderPrices = [...cartPrices, "balance_owing", "paid", "authorized"];

/** Members that are always there although the vendor's schemas require next to nothing. */
const required: Readonly<Record<string, readonly string[]>> = {
  OrderResponse: [
    "id",
    "type",
    "status",
    "payment",
    "shipping",
    "shipping_address",
    "billing_address",
    "links",
    "meta",
    "relationships",
  ],
  OrderItemResponse: [
    "id",
    "type",
    "quantity",
    "name",
    "sku",
    "unit_price",
    "value",
    "links",
    "meta",
    "relationships",
  ],
  CartItemResponse: [
    "id",
    "type",
    "quantity",
    "name",
    "description",
    "sku",
    "slug",
    "image",
    "manage_stock",
    "unit_price",
    "value",
    "links",
    "meta",
  ],
  BaseCartResponse: ["id", "name", "description", "discount_settings", "links", "meta", "relationships"],
  TransactionResponse: [
    "id",
    "type",
    "reference",
    "gateway",
    "amount",
    "refunded_amount",
    "currency",
    "transaction_type",
    "status",
    "relationships",
    "meta",
  ],
};

function strengthened(document: Json, file: string): Json {
  const schemas = ((document.components as Json | undefined)?.schemas ?? {}) as Record<string, Json>;
  if (file === "carts-orders-checkout.json") {
    for (const [name, members] of Object.entries(required)) require(schemas[name], members, name);
    // The persons of an anonymized order are asterisks, their addresses too.
    for (const name of ["Customer", "Contact"]) delete member(schemas[name], "email")?.format;
    // A cart's id is chosen by its client, and need not be a UUID.
    delete member(member(schemas.ShippingGroupResponse, "relationships"), "cart")?.$ref;
    require(schemas.ShippingGroupResponse, ["id", "type", "relation", "relationships", "meta"], "groups");
    require(displayPrice(schemas.OrderMeta), orderPrices, "OrderMeta");
    require(displayPrice(member(schemas.OrderItemResponse, "meta")), linePrices, "OrderItemResponse");
    require(displayPrice(member(schemas.CartItemResponse, "meta")), linePrices, "CartItemResponse");
    require(displayPrice(member(schemas.CartItemCollectionResponse, "meta")), cartPrices, "cart items");
    require(displayPrice(member(schemas.BaseCartResponse, "meta")), cartPrices, "BaseCartResponse");
    require(schemas.OrderEntityResponse, ["data"], "OrderEntityResponse");
    require(schemas.OrderCollectionResponse, ["data", "links", "meta"], "OrderCollectionResponse");
    require(schemas.CartEntityResponse, ["data"], "CartEntityResponse");
    require(schemas.CartItemCollectionResponse, ["data", "meta"], "CartItemCollectionResponse");
  }
  if (file === "currencies.json") {
    // One currency is described as a list of them.
    const created = operation(document, "/v2/currencies", "post").responses?.["201"];
    for (const method of ["get", "put"]) {
      const { responses } = operation(document, "/v2/currencies/{currencyID}", method);
      if (created && responses) responses["200"] = created;
    }
  }
  if (file === "flows.json") {
    // Custom fields and their defaults are of more types than the document knows, and the id may be a cart's.
    delete schemas.Entry?.additionalProperties;
    delete member(schemas.Entry, "id")?.$ref;
    delete member(schemas.Field, "default")?.type;
  }
  if (file === "promotions-standard.json") {
    // Its prose and its SDK know lists of amounts, percentages with decimals, targets "all" and attributes that are
    // numbers or booleans. A history is the list that promotions are, and jobs are not offered.
    delete member(schemas["Data.BasePromotions"], "min_cart_value")?.type;
    delete schemas["Data.Promotions.Schema.Percent"]?.properties;
    delete schemas["Data.Promotions.Schema.Targets"]?.properties;
    delete schemas["Data.Promotions.Schema.TargetAttributes"]?.properties;
    const list = operation(document, "/v2/promotions", "get").responses?.["200"];
    const history = operation(document, "/v2/promotions/{promotionID}/history", "get");
    if (list && history.responses) history.responses["200"] = list;
    delete (document.paths as Json)["/v2/promotions/{promotionID}/jobs"];
  }
  if (file === "inventories.json") {
    // The log begins with the record's creation, which the list of actions forgets.
    for (const schema of Object.values(schemas)) delete member(schema, "action")?.enum;
  }
  return document;
}

type Operation = { responses?: Record<string, unknown> };

function operation(document: Json, template: string, method: string): Operation {
  const found = (document.paths as Record<string, Record<string, Operation>>)[template]?.[method];
  if (!found) throw new Error(`The vendor's document has no ${method} ${template}`);
  return found;
}

function require(schema: Json | undefined, members: readonly string[], name: string): void {
  if (!schema) throw new Error(`The vendor's document has no schema ${name}`);
  schema.required = [...new Set([...((schema.required as string[]) ?? []), ...members])];
}

function member(schema: Json | undefined, name: string): Json | undefined {
  return (schema?.properties as Record<string, Json> | undefined)?.[name];
}

const displayPrice = (meta: Json | undefined): Json | undefined => member(meta, "display_price");

/** Error schemas of the other documents describe no answer that was ever seen; this one does. */
function errorSchema(): OpenApiDocument {
  const carts = read("carts-orders-checkout.json") as unknown as Json;
  const $ref = "#/components/schemas/Response.ErrorResponse";
  const responses = { 200: { content: { "application/json": { schema: { $ref } } } } };
  return { ...carts, paths: { "/": { get: { responses } } } } as unknown as OpenApiDocument;
}
