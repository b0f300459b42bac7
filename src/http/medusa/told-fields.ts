/** Members of what is changed as the Medusa API calls them, where that is not the engine's name with underscores. */
const names: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  product: {
    name: "title",
    slug: "handle",
    variations: "options",
    tagIds: "tags",
    categoryIds: "categories",
    channelIds: "sales_channels",
    isGiftCard: "is_giftcard",
    review: "status",
  },
  "product-variant": {
    slug: "handle",
    rank: "variant_rank",
    manageStock: "manage_inventory",
  },
  region: {
    currency: "currency_code",
    taxPercent: "tax_rate",
    areGiftCardsTaxable: "gift_cards_taxable",
    hasAutomaticTaxes: "automatic_taxes",
    fulfilmentProviders: "fulfillment_providers",
  },
  "product-category": { parentId: "parent_category_id" },
  sales_channel: { locationIds: "locations" },
  publishable_api_key: { salesChannelIds: "sales_channels" },
  "inventory-level": {
    total: "stocked_quantity",
    allocated: "reserved_quantity",
    incoming: "incoming_quantity",
  },
  "reservation-item": { productId: "inventory_item_id" },
  discount: { regionIds: "regions", parentId: "parent_discount_id" },
  user: { passwordHash: "password", apiTokenHash: "api_token" },
};

/** A changed member of what an event of this type is about. */
export function toldField(type: string, field: string): string {
  const family = names[type.slice(0, type.indexOf("."))];
  return family?.[field] ?? field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
