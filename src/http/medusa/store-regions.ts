import { type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { pageReply } from "./pages.ts";
import { regionSchema, renderRegion } from "./render-region.ts";
import { error, listOf, one } from "./schemas.ts";

const tag = "Store: regions";

/** Where a store sells, for everybody to see. */
export const storeRegionRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/store/regions",
    access: "open",
    tag,
    summary: "List regions",
    query: ["limit", "offset", "created_at", "updated_at"],
    responses: { 200: listOf("regions", regionSchema), 400: error },
    handle: async (call) => {
      const { regions } = await call.deps.storage.records.setup(call.context.store.storeId);
      const rows = regions.map((region) => renderRegion(region, call.context.store));
      return pageReply(call, { name: "regions", rows, limit: 100 });
    },
  }),
  route({
    method: "GET",
    path: "/store/regions/:id",
    access: "open",
    tag,
    summary: "Retrieve a region",
    responses: { 200: one("region", regionSchema), 404: error },
    handle: async ({ deps, context, params }) => {
      const regionId = engineId("reg", params.id as string);
      const { regions } = await deps.storage.records.setup(context.store.storeId);
      const region = regions.find(({ id }) => id === regionId);
      if (!region) return refused({ type: "region_not_found", regionId });
      return { status: 200, body: { region: renderRegion(region, context.store) } };
    },
  }),
];
