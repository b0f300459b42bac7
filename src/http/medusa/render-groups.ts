import type {
  ProductCategory,
  ProductCollection,
  ProductTag,
  ProductType,
} from "../../domain/catalog/grouped-by.ts";
import { wireId } from "./ids.ts";

/** When something was made and changed; nothing here is ever half deleted. */
export const stamps = ({
  createdAt,
  updatedAt,
}: {
  readonly createdAt: string;
  readonly updatedAt: string;
}) => ({
  created_at: createdAt,
  updated_at: updatedAt,
  deleted_at: null,
});

/** A collection, without its products. */
export function renderCollection({ id, title, handle, metadata, ...times }: ProductCollection) {
  return { id: wireId("pcol", id), ...stamps(times), title, handle, metadata: metadata ?? null };
}

export function renderType({ id, value, metadata, ...times }: ProductType) {
  return { id: wireId("ptyp", id), ...stamps(times), value, metadata: metadata ?? null };
}

export function renderTag({ id, value, metadata, ...times }: ProductTag) {
  return { id: wireId("ptag", id), ...stamps(times), value, metadata: metadata ?? null };
}

/** A category without the tree around it. */
export function categoryColumns(category: ProductCategory) {
  return {
    id: wireId("pcat", category.id),
    created_at: category.createdAt,
    updated_at: category.updatedAt,
    name: category.name,
    description: category.description,
    handle: category.handle,
    is_active: category.isActive,
    is_internal: category.isInternal,
    parent_category_id: category.parentId === undefined ? null : wireId("pcat", category.parentId),
    rank: category.rank,
    metadata: category.metadata ?? null,
  };
}
