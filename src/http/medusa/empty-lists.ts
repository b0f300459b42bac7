import Type from "typebox";
import { type Route, route } from "../route.ts";
import { pageParameters, pageReply } from "./pages.ts";
import { error, listOf, plainText } from "./schemas.ts";

/** What this engine has none of, as the page of a merchant's web app asks for it, with what may be asked. */
const lists = [
  { path: "batch-jobs", name: "batch_jobs", of: "imports and exports", limit: 10, filters: ["id", "type"] },
  { path: "notes", name: "notes", of: "notes", limit: 50, filters: ["resource_id"] },
  {
    path: "notifications",
    name: "notifications",
    of: "notifications that can be sent again",
    limit: 50,
    filters: ["event_name", "resource_type", "resource_id", "to", "include_resends"],
  },
  {
    path: "price-lists",
    name: "price_lists",
    of: "price lists",
    limit: 10,
    filters: ["id", "status", "name", "customer_groups", "type"],
  },
  { path: "swaps", name: "swaps", of: "exchanges", limit: 50, filters: [] },
] as const;

const moments = ["confirmed_at", "pre_processed_at", "completed_at", "failed_at", "canceled_at"] as const;

/**
 * Lists of what is not offered here, which are empty: the pages of Medusa's own dashboard ask for them beside what they
 * are about. Nothing can be put into them.
 */
export const emptyListRoutes: readonly Route[] = [
  ...lists.map(({ path, name, of, limit, filters }) =>
    route({
      method: "GET",
      path: `/admin/${path}`,
      access: "shop",
      tag: "Admin: not offered",
      summary: `List ${of}: there are none`,
      query: [...filters, ...(name === "batch_jobs" ? moments : []), ...pageParameters],
      responses: { 200: listOf(name, Type.Object({ id: Type.String() })), 400: error, 401: plainText },
      handle: async (call) => {
        const rows: readonly Record<string, unknown>[] = [];
        return pageReply(call, {
          ...{ name, rows, filters, limit },
          ...(name === "batch_jobs" && { moments }),
        });
      },
    }),
  ),
  route({
    method: "GET",
    path: "/admin/invites",
    access: "shop",
    tag: "Admin: not offered",
    summary: "List invitations: there are none, staff are added by POST /admin/users",
    responses: {
      200: Type.Object({ invites: Type.Array(Type.Object({ id: Type.String() })) }),
      401: plainText,
    },
    handle: async () => ({ status: 200, body: { invites: [] } }),
  }),
];
