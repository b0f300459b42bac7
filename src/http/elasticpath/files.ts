import { type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { LIST_PARAMETERS, listReply } from "./list-reply.ts";
import { fileSchema } from "./product-schemas.ts";
import { renderFile } from "./render-product.ts";
import { commonErrors, one, page } from "./schemas.ts";

const tag = "Files";

/** The pictures of products, as files that can be read. They come with the products, nothing is uploaded here. */
export const fileRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/v2/files",
    access: "token",
    tag,
    summary: "List the pictures of products",
    query: LIST_PARAMETERS,
    responses: { 200: page(fileSchema), ...commonErrors },
    handle(call) {
      const { store } = call.context;
      return listReply(
        call,
        {
          fields: {
            id: { type: "text", operators: ["eq", "in"] },
            created_at: { type: "timestamp", operators: ["gt", "ge", "lt", "le"], sortable: true },
          },
          defaultLimit: store.settings.pageLength,
          defaultSort: { field: "created_at", descending: false },
        },
        (query) => call.deps.storage.products.images(store.storeId, query),
        (rows) => ({ data: rows.map(({ image, createdAt }) => renderFile(call, image, createdAt)) }),
      );
    },
  }),
  route({
    method: "GET",
    path: "/v2/files/:fileId",
    access: "token",
    tag,
    summary: "Get a picture's file",
    responses: { 200: one(fileSchema), ...commonErrors },
    async handle(call) {
      const { fileId = "" } = call.params;
      const found = await call.deps.storage.products.image(call.context.store.storeId, fileId);
      if (!found) return refused({ type: "image_not_found", imageId: fileId });
      return { status: 200, body: { data: renderFile(call, found.image, found.createdAt) } };
    },
  }),
];
