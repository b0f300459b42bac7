import type { Listed, ListQuery } from "../../operations/listing.ts";
import type { Call, Reply } from "../route.ts";
import { type ListRules, listRefused, pageLinks, pageMeta, parseListQuery } from "./list-query.ts";

/** What a list of rows becomes: the objects of the page, and what is included with them. */
export type RenderedPage = { readonly data: readonly unknown[]; readonly included?: object };

/** Query parameters of a list. */
export const LIST_PARAMETERS = ["page[limit]", "page[offset]", "filter", "sort"] as const;

/** Reads the page of a list that a request asks for, or says what is wrong with its query. */
export async function listReply<Row>(
  call: Call,
  rules: ListRules,
  load: (query: ListQuery) => Promise<Listed<Row>>,
  render: (rows: readonly Row[]) => RenderedPage | Promise<RenderedPage>,
): Promise<Reply> {
  const query = parseListQuery(call.rawQuery, rules);
  if (!query.ok) return listRefused(query.error);
  const { rows, total } = await load(query.value);
  const { data, included } = await render(rows);
  return {
    status: 200,
    body: {
      data,
      ...(included && { included }),
      links: pageLinks(call, query.value, total),
      meta: pageMeta(query.value, total),
    },
  };
}

/** A list that is short enough to be read whole; it can be paged, not filtered or sorted. */
export function shortListReply(call: Call, data: readonly unknown[]): Promise<Reply> {
  return listReply(
    call,
    { fields: {}, defaultLimit: 100 },
    async ({ limit, offset }) => ({ rows: data.slice(offset, offset + limit), total: data.length }),
    (rows) => ({ data: rows }),
  );
}
