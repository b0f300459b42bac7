import Type from "typebox";
import { type Reply, type Route, route } from "../route.ts";
import { notFound, problem } from "./errors.ts";
import { shortListReply } from "./list-reply.ts";
import { commonErrors, page } from "./schemas.ts";

/** The answer to whoever wants stock at a place. */
export const locationsRefused = (): Reply =>
  problem(
    422,
    "Unprocessable Entity",
    "Stock is counted once for each product in this version; there are no locations",
  );

const tag = "Inventories";
const path = "/v2/inventories/locations";
const named = `${path}/:location`;

/** There are no locations yet. Clients that ask learn it without an error, clients that want one are told. */
export const inventoryLocationRoutes: readonly Route[] = [
  route({
    method: "GET",
    path,
    access: "token",
    tag,
    summary: "List the stock locations; there are none in this version",
    responses: { 200: page(Type.Object({})), ...commonErrors },
    handle: (call) => shortListReply(call, []),
  }),
  route({
    method: "POST",
    path,
    access: "shop",
    tag,
    summary: "Create a stock location; refused in this version",
    responses: { ...commonErrors },
    handle: async () => locationsRefused(),
  }),
  ...(["GET", "PUT", "DELETE"] as const).map((method) =>
    route({
      method,
      path: named,
      access: method === "GET" ? ("token" as const) : ("shop" as const),
      tag,
      summary: "Get, change or delete a stock location; there are none in this version",
      responses: { ...commonErrors },
      handle: async () => notFound("The resource could not be found"),
    }),
  ),
];
