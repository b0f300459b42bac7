import { type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { renderShownGiftCard, shownGiftCardSchema } from "./render-gift-card.ts";
import { error, one } from "./schemas.ts";

/** Gift cards for whoever knows their code. */
export const giftCardRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/store/gift-cards/:code",
    access: "open",
    tag: "Gift cards",
    summary: "Get a gift card by its code",
    responses: { 200: one("gift_card", shownGiftCardSchema), 404: error },
    async handle({ deps, context, params }) {
      const { storeId } = context.store;
      const code = params.code as string;
      const [card] = await deps.storage.giftCards.entered(storeId, [code]);
      if (!card) return refused({ type: "gift_card_code_unknown", code });
      const { regions } = await deps.storage.records.setup(storeId);
      return { status: 200, body: { gift_card: renderShownGiftCard(card, regions) } };
    },
  }),
];
