import Type from "typebox";
import type { SalesChannel } from "../../domain/region/region.ts";
import { wireId } from "./ids.ts";
import { metadata, nullable, textOrNull, timestamps } from "./schemas.ts";

export const salesChannelSchema = Type.Object({
  id: Type.String(),
  ...timestamps,
  deleted_at: Type.Null(),
  name: Type.String(),
  description: textOrNull,
  is_disabled: Type.Boolean(),
  metadata: nullable(metadata),
});

export function renderSalesChannel(channel: SalesChannel) {
  return {
    id: wireId("sc", channel.id),
    created_at: channel.createdAt,
    updated_at: channel.updatedAt,
    deleted_at: null,
    name: channel.name,
    description: channel.description ?? null,
    is_disabled: channel.isDisabled,
    metadata: channel.metadata ?? null,
  };
}
