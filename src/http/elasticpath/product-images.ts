import Type from "typebox";
import { removeMainImage, setMainImage } from "../../operations/save-product.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { commonErrors, one, requiredText } from "./schemas.ts";

const mainImage = Type.Object({ type: Type.Optional(Type.Literal("main_image")), id: requiredText() });

const answer = one(Type.Object({ type: Type.Literal("main_image"), id: Type.String() }));

const tag = "Products";
const path = "/v2/products/:productId/relationships/main-image";

/** Choosing the main image of a product among the pictures that the store has on record. */
export const mainImageRoutes: readonly Route[] = [
  ...(["POST", "PUT"] as const).map((method) =>
    route({
      method,
      path,
      access: "shop",
      tag,
      summary: "Choose the main image of a product",
      body: one(mainImage),
      responses: { 200: answer, ...commonErrors },
      async handle(call): Promise<Reply> {
        const { productId = "" } = call.params;
        const { id } = call.body.data;
        const set = await setMainImage(call.deps, call.context, productId, id);
        return set.ok ? { status: 200, body: { data: { type: "main_image", id } } } : refused(set.error);
      },
    }),
  ),
  route({
    method: "DELETE",
    path,
    access: "shop",
    tag,
    summary: "Take the main image from a product",
    responses: { 204: null, ...commonErrors },
    async handle(call: Call): Promise<Reply> {
      const removed = await removeMainImage(call.deps, call.context, call.params.productId as string);
      return removed.ok ? { status: 204 } : refused(removed.error);
    },
  }),
];
