import Type from "typebox";
import type { SalesChannel } from "../../domain/region/region.ts";
import type { Result } from "../../domain/result.ts";
import type { SalesRefusal } from "../../operations/sales-refusal.ts";
import {
  createSalesChannel,
  deleteSalesChannel,
  moveInChannel,
  updateSalesChannel,
} from "../../operations/save-sales-channel.ts";
import { type Reply, type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { pageParameters, pageReply } from "./pages.ts";
import { renderSalesChannel, salesChannelSchema } from "./render-sales-channel.ts";
import { bodyOf, deleted, error, given, listOf, metadata, one, plainText, text, words } from "./schemas.ts";

const tag = "Admin: sales channels";
const answers = { 200: one("sales_channel", salesChannelSchema), 400: error, 401: plainText, 404: error };
const described = {
  description: given(words()),
  is_disabled: given(Type.Boolean()),
  metadata: given(metadata),
} as const;

/** What a merchant does with sales channels. */
export const adminSalesChannelRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/sales-channels",
    access: "shop",
    tag,
    summary: "List sales channels",
    query: ["id", "name", "description", ...pageParameters],
    responses: { 200: listOf("sales_channels", salesChannelSchema), 400: error, 401: plainText },
    handle: async (call) => {
      const { salesChannels } = await call.deps.storage.records.setup(call.context.store.storeId);
      return pageReply(call, {
        name: "sales_channels",
        rows: salesChannels.map(renderSalesChannel),
        searched: ["name", "description"],
        filters: ["id", "name", "description"],
        limit: 20,
      });
    },
  }),
  route({
    method: "POST",
    path: "/admin/sales-channels",
    access: "shop",
    tag,
    summary: "Create a sales channel",
    body: bodyOf({ name: text(255), ...described }),
    responses: answers,
    handle: async ({ deps, context, body }) => {
      const channel = await createSalesChannel(deps, context, {
        name: body.name,
        ...(body.description != null && { description: body.description }),
        isDisabled: body.is_disabled ?? false,
        ...(body.metadata != null && { metadata: body.metadata }),
      });
      return { status: 200, body: { sales_channel: renderSalesChannel(channel) } };
    },
  }),
  route({
    method: "GET",
    path: "/admin/sales-channels/:id",
    access: "shop",
    tag,
    summary: "Retrieve a sales channel",
    responses: { 200: one("sales_channel", salesChannelSchema), 401: plainText, 404: error },
    handle: async ({ deps, context, params }) => {
      const channelId = engineId("sc", params.id as string);
      const channel = await deps.storage.records.load(context.store.storeId, "sales_channel", channelId);
      if (!channel) return refused({ type: "sales_channel_not_found", channelId });
      return { status: 200, body: { sales_channel: renderSalesChannel(channel) } };
    },
  }),
  route({
    method: "POST",
    path: "/admin/sales-channels/:id",
    access: "shop",
    tag,
    summary: "Change a sales channel",
    body: bodyOf({ name: given(text(255)), ...described }),
    responses: answers,
    handle: async ({ deps, context, body, params }) =>
      answer(
        await updateSalesChannel(deps, context, engineId("sc", params.id as string), () => ({
          ...(body.name != null && { name: body.name }),
          ...(body.description != null && { description: body.description }),
          ...(body.is_disabled != null && { isDisabled: body.is_disabled }),
          ...(body.metadata != null && { metadata: body.metadata }),
        })),
      ),
  }),
  route({
    method: "DELETE",
    path: "/admin/sales-channels/:id",
    access: "shop",
    tag,
    summary: "Delete a sales channel",
    responses: { 200: deleted, 400: error, 401: plainText },
    handle: async ({ deps, context, params }) => {
      const id = params.id as string;
      const gone = await deleteSalesChannel(deps, context, engineId("sc", id));
      if (!gone.ok) return refused(gone.error);
      return { status: 200, body: { id, object: "sales-channel", deleted: true } };
    },
  }),
  ...(["POST", "DELETE"] as const).map((method) =>
    route({
      method,
      path: "/admin/sales-channels/:id/products/batch",
      access: "shop",
      tag,
      summary: method === "POST" ? "Put products into the channel" : "Take products out of the channel",
      body: bodyOf({ product_ids: Type.Array(bodyOf({ id: text(255) }), { maxItems: 1000 }) }),
      responses: answers,
      handle: async ({ deps, context, body, params }) => {
        const channelId = engineId("sc", params.id as string);
        const productIds = body.product_ids.map(({ id }) => engineId("prod", id));
        const move = method === "POST" ? "add" : "remove";
        return answer(await moveInChannel(deps, context, channelId, productIds, move));
      },
    }),
  ),
];

const answer = (result: Result<SalesChannel, SalesRefusal>): Reply =>
  result.ok
    ? { status: 200, body: { sales_channel: renderSalesChannel(result.value) } }
    : refused(result.error);
