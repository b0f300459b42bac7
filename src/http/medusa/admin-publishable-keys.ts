import Type from "typebox";
import type { PublishableKey } from "../../domain/region/region.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { engineId, wireId } from "./ids.ts";
import { pageParameters, pageReply } from "./pages.ts";
import { renderSalesChannel, salesChannelSchema } from "./render-sales-channel.ts";
import {
  bodyOf,
  dateTime,
  deleted,
  error,
  given,
  listOf,
  nullable,
  one,
  plainText,
  text,
  textOrNull,
  timestamps,
} from "./schemas.ts";

const tag = "Admin: publishable keys";

const keySchema = Type.Object({
  id: Type.String(),
  ...timestamps,
  created_by: textOrNull,
  revoked_by: textOrNull,
  revoked_at: nullable(dateTime),
  title: Type.String(),
});

const answers = { 200: one("publishable_api_key", keySchema), 400: error, 401: plainText, 404: error };
const channels = Type.Array(bodyOf({ id: text(255) }), { maxItems: 1000 });

/** What a merchant does with the keys that storefronts name themselves by. */
export const adminPublishableKeyRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/publishable-api-keys",
    access: "shop",
    tag,
    summary: "List publishable keys",
    query: [...pageParameters, "revoked_at"],
    responses: { 200: listOf("publishable_api_keys", keySchema), 400: error, 401: plainText },
    handle: async (call) => {
      const { publishableKeys } = await call.deps.storage.records.setup(call.context.store.storeId);
      const rows = publishableKeys.map(renderKey);
      const of = { searched: ["title"], moments: ["revoked_at"] } as const;
      return pageReply(call, { name: "publishable_api_keys", rows, ...of, limit: 20 });
    },
  }),
  route({
    method: "POST",
    path: "/admin/publishable-api-keys",
    access: "shop",
    tag,
    summary: "Create a publishable key",
    body: bodyOf({ title: text(255) }),
    responses: answers,
    handle: async ({ deps, context, body }) => {
      const now = deps.now();
      const key: PublishableKey = {
        id: deps.newId(),
        title: body.title,
        salesChannelIds: [],
        ...(context.actor.userId !== undefined && { createdBy: context.actor.userId }),
        createdAt: now,
        updatedAt: now,
      };
      await deps.storage.records.insert(context.store.storeId, "publishable_key", key);
      return shown(key);
    },
  }),
  route({
    method: "GET",
    path: "/admin/publishable-api-keys/:id",
    access: "shop",
    tag,
    summary: "Retrieve a publishable key",
    responses: { 200: one("publishable_api_key", keySchema), 401: plainText, 404: error },
    handle: async (call) => {
      const key = await keyOf(call);
      return key ? shown(key) : unknown(call);
    },
  }),
  route({
    method: "POST",
    path: "/admin/publishable-api-keys/:id",
    access: "shop",
    tag,
    summary: "Rename a publishable key",
    body: bodyOf({ title: given(text(255)) }),
    responses: answers,
    handle: (call) => changed(call, () => (call.body.title != null ? { title: call.body.title } : {})),
  }),
  route({
    method: "DELETE",
    path: "/admin/publishable-api-keys/:id",
    access: "shop",
    tag,
    summary: "Delete a publishable key",
    responses: { 200: deleted, 401: plainText },
    handle: async ({ deps, context, params }) => {
      const id = params.id as string;
      await deps.storage.records.delete(context.store.storeId, "publishable_key", engineId("pk", id));
      return { status: 200, body: { id, object: "publishable_api_key", deleted: true } };
    },
  }),
  route({
    method: "POST",
    path: "/admin/publishable-api-keys/:id/revoke",
    access: "shop",
    tag,
    summary: "Revoke a publishable key: from now on it says nothing",
    responses: answers,
    handle: (call) => {
      const revokedAt = call.deps.now();
      const { userId } = call.context.actor;
      // The first revocation stands.
      return changed(call, (key) =>
        key.revokedAt === undefined ? { revokedAt, ...(userId !== undefined && { revokedBy: userId }) } : {},
      );
    },
  }),
  route({
    method: "GET",
    path: "/admin/publishable-api-keys/:id/sales-channels",
    access: "shop",
    tag,
    summary: "List the channels of a publishable key",
    query: ["q"],
    responses: {
      200: Type.Object({ sales_channels: Type.Array(salesChannelSchema) }),
      400: error,
      401: plainText,
      404: error,
    },
    handle: async (call) => {
      const key = await keyOf(call);
      if (!key) return unknown(call);
      const { salesChannels } = await call.deps.storage.records.setup(call.context.store.storeId);
      const rows = salesChannels.filter(({ id }) => key.salesChannelIds.includes(id)).map(renderSalesChannel);
      const page = pageReply(call, { name: "sales_channels", rows, searched: ["name"], limit: 1000 });
      if (page.status !== 200) return page;
      const { sales_channels } = page.body as { sales_channels: unknown };
      return { status: 200, body: { sales_channels } };
    },
  }),
  ...(["POST", "DELETE"] as const).map((method) =>
    route({
      method,
      path: "/admin/publishable-api-keys/:id/sales-channels/batch",
      access: "shop",
      tag,
      summary: method === "POST" ? "Add sales channels" : "Take sales channels out",
      body: bodyOf({ sales_channel_ids: channels }),
      responses: answers,
      handle: (call) => {
        const named = call.body.sales_channel_ids.map(({ id }) => engineId("sc", id));
        return changed(call, ({ salesChannelIds }) => ({
          salesChannelIds:
            method === "POST"
              ? [...new Set([...salesChannelIds, ...named])]
              : salesChannelIds.filter((id) => !named.includes(id)),
        }));
      },
    }),
  ),
];

function renderKey(key: PublishableKey) {
  return {
    id: wireId("pk", key.id),
    created_at: key.createdAt,
    updated_at: key.updatedAt,
    created_by: key.createdBy === undefined ? null : wireId("usr", key.createdBy),
    revoked_by: key.revokedBy === undefined ? null : wireId("usr", key.revokedBy),
    revoked_at: key.revokedAt ?? null,
    title: key.title,
  };
}

const shown = (key: PublishableKey): Reply => ({
  status: 200,
  body: { publishable_api_key: renderKey(key) },
});

function keyOf({ deps, context, params }: Omit<Call, "body">): Promise<PublishableKey | undefined> {
  return deps.storage.records.load(
    context.store.storeId,
    "publishable_key",
    engineId("pk", params.id as string),
  );
}

const unknown = ({ params }: Pick<Call, "params">): Reply =>
  refused({ type: "publishable_key_not_found", keyId: engineId("pk", params.id as string) });

async function changed(
  call: Omit<Call, "body">,
  change: (key: PublishableKey) => Partial<PublishableKey>,
): Promise<Reply> {
  const { deps, context, params } = call;
  const updatedAt = deps.now();
  const saved = await deps.storage.records.change(
    context.store.storeId,
    "publishable_key",
    engineId("pk", params.id as string),
    (key) => ({ ...key, ...change(key), updatedAt }),
  );
  return saved.kind === "saved" ? shown(saved.record) : unknown(call);
}
