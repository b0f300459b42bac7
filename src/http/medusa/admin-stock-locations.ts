import Type from "typebox";
import type { LocationAddress, StockLocation } from "../../domain/inventory/stock-location.ts";
import type { SalesChannel } from "../../domain/region/region.ts";
import { fail, ok, type Result } from "../../domain/result.ts";
import { updateSalesChannel } from "../../operations/save-sales-channel.ts";
import {
  createStockLocation,
  deleteStockLocation,
  updateStockLocation,
} from "../../operations/save-stock-location.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { notFound, refused } from "./errors.ts";
import { engineId, wireId } from "./ids.ts";
import { pageParameters, pageReply } from "./pages.ts";
import { renderSalesChannel, salesChannelSchema } from "./render-sales-channel.ts";
import {
  bodyOf,
  deleted,
  error,
  given,
  listOf,
  metadata,
  nullable,
  one,
  plainText,
  text,
  textOrNull,
  timestamps,
  words,
} from "./schemas.ts";

const tag = "Admin: stock locations";

const addressSchema = Type.Object({
  id: Type.String(),
  ...timestamps,
  deleted_at: Type.Null(),
  address_1: Type.String(),
  address_2: textOrNull,
  company: textOrNull,
  city: textOrNull,
  country_code: Type.String(),
  phone: textOrNull,
  province: textOrNull,
  postal_code: textOrNull,
  metadata: nullable(metadata),
});

const locationSchema = Type.Object({
  id: Type.String(),
  ...timestamps,
  name: Type.String(),
  address_id: textOrNull,
  metadata: nullable(metadata),
  address: Type.Optional(nullable(addressSchema)),
  sales_channels: Type.Optional(Type.Array(salesChannelSchema)),
});

const address = bodyOf({
  address_1: text(255),
  address_2: given(words(255)),
  company: given(words(255)),
  city: given(words(255)),
  country_code: text(2),
  phone: given(words(255)),
  postal_code: given(words(255)),
  province: given(words(255)),
  metadata: given(metadata),
});
const details = {
  metadata: given(metadata),
  address: given(Type.Union([address, text(255)])),
  address_id: given(text(255)),
} as const;
const answers = { 200: one("stock_location", locationSchema), 400: error, 401: plainText, 404: error };

/** Where a merchant's goods lie. The first location is the common stock, which everything is sold from. */
export const adminStockLocationRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/stock-locations",
    access: "shop",
    tag,
    summary: "List stock locations",
    query: ["id", "name", ...pageParameters],
    responses: { 200: listOf("stock_locations", locationSchema), 400: error, 401: plainText },
    handle: async (call) => {
      const { records } = call.deps.storage;
      const { storeId } = call.context.store;
      const [locations, { salesChannels }] = await Promise.all([
        records.all(storeId, "stock_location"),
        records.setup(storeId),
      ]);
      const rows = locations.map((location) => renderLocation(location, expandOf(call), salesChannels));
      const filters = ["id", "name"] as const;
      return pageReply(call, { name: "stock_locations", rows, searched: ["name"], filters, limit: 20 });
    },
  }),
  route({
    method: "POST",
    path: "/admin/stock-locations",
    access: "shop",
    tag,
    summary: "Create a stock location",
    body: bodyOf({ name: text(255), ...details }),
    query: ["expand"],
    responses: answers,
    handle: async (call) => {
      const { deps, context, body } = call;
      const read = await addressIn(call);
      if (!read.ok) return addressMissing(read.error);
      const created = await createStockLocation(deps, context, {
        name: body.name,
        ...(read.value && { address: read.value }),
        ...(body.metadata != null && { metadata: body.metadata }),
      });
      return shown(call, created);
    },
  }),
  route({
    method: "GET",
    path: "/admin/stock-locations/:id",
    access: "shop",
    tag,
    summary: "Retrieve a stock location",
    query: ["expand"],
    responses: { 200: one("stock_location", locationSchema), 401: plainText, 404: error },
    handle: async (call) => {
      const { deps, context, params } = call;
      const locationId = engineId("sloc", params.id as string);
      const location = await deps.storage.records.load(context.store.storeId, "stock_location", locationId);
      return location ? shown(call, location) : refused({ type: "stock_location_not_found", locationId });
    },
  }),
  route({
    method: "POST",
    path: "/admin/stock-locations/:id",
    access: "shop",
    tag,
    summary: "Change a stock location",
    body: bodyOf({ name: given(text(255)), ...details }),
    query: ["expand"],
    responses: answers,
    handle: async (call) => {
      const { deps, context, body } = call;
      const locationId = engineId("sloc", call.params.id as string);
      const read = await addressIn(call, locationId);
      if (!read.ok) return addressMissing(read.error);
      const updated = await updateStockLocation(deps, context, locationId, {
        ...(body.name != null && { name: body.name }),
        ...(read.value && { address: read.value }),
        ...(body.metadata != null && { metadata: body.metadata }),
      });
      return updated.ok ? shown(call, updated.value) : refused(updated.error);
    },
  }),
  route({
    method: "DELETE",
    path: "/admin/stock-locations/:id",
    access: "shop",
    tag,
    summary: "Delete a stock location that holds nothing",
    responses: { 200: deleted, 400: error, 401: plainText },
    handle: async ({ deps, context, params }) => {
      const id = params.id as string;
      const gone = await deleteStockLocation(deps, context, engineId("sloc", id));
      if (!gone.ok) return refused(gone.error);
      return { status: 200, body: { id, object: "stock_location", deleted: true } };
    },
  }),
  ...(["POST", "DELETE"] as const).map((method) =>
    route({
      method,
      path: "/admin/sales-channels/:id/stock-locations",
      access: "shop",
      tag,
      summary:
        method === "POST" ? "Let a channel sell from a location" : "Let a channel sell from it no more",
      body: bodyOf({ location_id: text(255) }),
      responses: {
        200: method === "POST" ? one("sales_channel", salesChannelSchema) : deleted,
        400: error,
        401: plainText,
        404: error,
      },
      handle: async ({ deps, context, body, params }) => {
        const locationId = engineId("sloc", body.location_id);
        const { storeId } = context.store;
        const location = await deps.storage.records.load(storeId, "stock_location", locationId);
        if (!location && method === "POST") return refused({ type: "stock_location_not_found", locationId });
        const channelId = engineId("sc", params.id as string);
        const changed = await updateSalesChannel(deps, context, channelId, ({ locationIds }) => {
          const others = locationIds.filter((id) => id !== locationId);
          return { locationIds: method === "POST" ? [...others, locationId] : others };
        });
        if (!changed.ok) return refused(changed.error);
        if (method === "POST")
          return { status: 200, body: { sales_channel: renderSalesChannel(changed.value) } };
        return { status: 200, body: { id: body.location_id, object: "stock-location", deleted: true } };
      },
    }),
  ),
];

type SentAddress = { readonly address_1: string; readonly country_code: string } & Readonly<
  Record<string, unknown>
>;
type AddressCall = Call<{
  readonly address?: SentAddress | string | null;
  readonly address_id?: string | null;
}>;

/**
 * The address that a body names: one written out takes the place of the location's own
 * (of a shared one only for this location), an id is that of an address that
 * a location has. The failure is an id that none has.
 */
async function addressIn(
  { deps, context, body }: AddressCall,
  locationId?: string,
): Promise<Result<LocationAddress | undefined, string>> {
  const named = typeof body.address === "string" ? body.address : body.address_id;
  if (named == null && body.address == null) return ok(undefined);
  const locations = await deps.storage.records.all(context.store.storeId, "stock_location");
  if (body.address != null && typeof body.address !== "string") {
    const before = locations.find(({ id }) => id === locationId)?.address;
    const isShared = locations.filter(({ address }) => address?.id === before?.id).length > 1;
    return ok(addressOf(before && !isShared ? before.id : deps.newId(), body.address));
  }
  const addressId = engineId("laddr", named as string);
  const known = locations.find(({ address }) => address?.id === addressId)?.address;
  return known ? ok(known) : fail(named as string);
}

const addressMissing = (id: string): Reply => notFound(`StockLocationAddress with id ${id} was not found`);

function addressOf(id: string, sent: SentAddress): LocationAddress {
  const present = Object.fromEntries(Object.entries(sent).filter(([, value]) => value != null));
  return { ...(present as Omit<LocationAddress, "id">), id, country_code: sent.country_code.toLowerCase() };
}

function expandOf({ rawQuery }: Pick<Call, "rawQuery">): readonly string[] {
  return (new URLSearchParams(rawQuery).get("expand") ?? "").split(",");
}

async function shown(call: Omit<Call, "body">, location: StockLocation): Promise<Reply> {
  const { salesChannels } = await call.deps.storage.records.setup(call.context.store.storeId);
  const body = { stock_location: renderLocation(location, expandOf(call), salesChannels) };
  return { status: 200, body };
}

function renderLocation(
  location: StockLocation,
  expand: readonly string[],
  salesChannels: readonly SalesChannel[],
) {
  const { address } = location;
  return {
    id: wireId("sloc", location.id),
    created_at: location.createdAt,
    updated_at: location.updatedAt,
    name: location.name,
    address_id: address ? wireId("laddr", address.id) : null,
    metadata: location.metadata ?? null,
    ...(expand.includes("address") && {
      address: address
        ? {
            id: wireId("laddr", address.id),
            created_at: location.createdAt,
            updated_at: location.updatedAt,
            deleted_at: null,
            address_1: address.address_1,
            address_2: address.address_2 ?? null,
            company: address.company ?? null,
            city: address.city ?? null,
            country_code: address.country_code,
            phone: address.phone ?? null,
            province: address.province ?? null,
            postal_code: address.postal_code ?? null,
            metadata: address.metadata ?? null,
          }
        : null,
    }),
    ...(expand.includes("sales_channels") && {
      sales_channels: salesChannels
        .filter(({ locationIds }) => locationIds.includes(location.id))
        .map(renderSalesChannel),
    }),
  };
}
