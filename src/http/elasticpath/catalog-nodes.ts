import type { ProductGroup, ProductScope } from "../../operations/ports/products.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { catalogProductPage, hierarchySchema, nodeSchema } from "./catalog-schemas.ts";
import { notFound } from "./errors.ts";
import { LIST_PARAMETERS, shortListReply } from "./list-reply.ts";
import {
  type CatalogHierarchy,
  groupOfNode,
  hierarchies,
  renderHierarchy,
  renderNode,
} from "./render-catalog.ts";
import { commonErrors, one, page } from "./schemas.ts";

const tag = "Catalog";
const query = [...LIST_PARAMETERS, "include"];

/**
 * Hierarchies and their nodes, made from the collections and categories that live products name. `products` answers the
 * list of products in a scope.
 */
export function catalogNodeRoutes(
  products: (call: Call, scope: Partial<ProductScope>) => Promise<Reply>,
): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/catalog/hierarchies",
      access: "token",
      tag,
      summary: "List the hierarchies: collections and categories",
      responses: { 200: page(hierarchySchema), ...commonErrors },
      handle: (call) =>
        shortListReply(
          call,
          hierarchies.map((hierarchy) => renderHierarchy(call, hierarchy)),
        ),
    }),
    route({
      method: "GET",
      path: "/catalog/hierarchies/:hierarchyId",
      access: "token",
      tag,
      summary: "Get a hierarchy",
      responses: { 200: one(hierarchySchema), ...commonErrors },
      async handle(call) {
        const hierarchy = hierarchyOf(call);
        if (!hierarchy) return notFound("Hierarchy not found");
        return { status: 200, body: { data: renderHierarchy(call, hierarchy) } };
      },
    }),
    // A hierarchy has one level of nodes: its children are all of them.
    ...["nodes", "children"].map((below) =>
      route({
        method: "GET",
        path: `/catalog/hierarchies/:hierarchyId/${below}`,
        access: "token",
        tag,
        summary: "List the nodes of a hierarchy",
        responses: { 200: page(nodeSchema), ...commonErrors },
        async handle(call) {
          const hierarchy = hierarchyOf(call);
          if (!hierarchy) return notFound("Hierarchy not found");
          return nodes(call, (group) => group.kind === hierarchy.kind);
        },
      }),
    ),
    route({
      method: "GET",
      path: "/catalog/hierarchies/:hierarchyId/products",
      access: "token",
      tag,
      summary: "List the live products of a hierarchy",
      query,
      responses: { 200: catalogProductPage, ...commonErrors },
      async handle(call) {
        const hierarchy = hierarchyOf(call);
        return hierarchy ? products(call, { grouped: hierarchy.kind }) : notFound("Hierarchy not found");
      },
    }),
    route({
      method: "GET",
      path: "/catalog/nodes",
      access: "token",
      tag,
      summary: "List all nodes",
      responses: { 200: page(nodeSchema), ...commonErrors },
      handle: (call) => nodes(call, () => true),
    }),
    route({
      method: "GET",
      path: "/catalog/nodes/:nodeId",
      access: "token",
      tag,
      summary: "Get a node",
      responses: { 200: one(nodeSchema), ...commonErrors },
      async handle(call) {
        const node = await nodeOf(call);
        return node ? { status: 200, body: { data: renderNode(call, node) } } : notFound("Node not found");
      },
    }),
    route({
      method: "GET",
      path: "/catalog/nodes/:nodeId/relationships/children",
      access: "token",
      tag,
      summary: "List the nodes below a node; there are none",
      responses: { 200: page(nodeSchema), ...commonErrors },
      async handle(call) {
        return (await nodeOf(call)) ? shortListReply(call, []) : notFound("Node not found");
      },
    }),
    route({
      method: "GET",
      path: "/catalog/nodes/:nodeId/relationships/products",
      access: "token",
      tag,
      summary: "List the live products of a node",
      query,
      responses: { 200: catalogProductPage, ...commonErrors },
      async handle(call) {
        const node = await nodeOf(call);
        return node ? products(call, { [node.kind]: node.slug }) : notFound("Node not found");
      },
    }),
  ];
}

function hierarchyOf({ params }: Pick<Call, "params">): CatalogHierarchy | undefined {
  return hierarchies.find(({ id }) => id === params.hierarchyId);
}

async function nodes(call: Call, wanted: (group: ProductGroup) => boolean): Promise<Reply> {
  const groups = await call.deps.storage.products.groups(call.context.store.storeId);
  return shortListReply(
    call,
    groups.filter(wanted).map((group) => renderNode(call, group)),
  );
}

async function nodeOf({ deps, context, params }: Call): Promise<ProductGroup | undefined> {
  const named = groupOfNode(params.nodeId as string);
  if (!named) return undefined;
  const groups = await deps.storage.products.groups(context.store.storeId);
  return groups.find(({ kind, slug }) => kind === named.kind && slug === named.slug);
}
