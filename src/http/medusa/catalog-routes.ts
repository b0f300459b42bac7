import type { Route } from "../route.ts";
import { adminCategoryRoutes } from "./admin-categories.ts";
import { adminCollectionRoutes } from "./admin-collections.ts";
import { adminProductRoutes } from "./admin-products.ts";
import { adminVariantRoutes } from "./admin-variants.ts";
import { storeCategoryRoutes } from "./store-categories.ts";
import { storeCollectionRoutes } from "./store-collections.ts";
import { storeProductRoutes } from "./store-products.ts";
import { storeVariantRoutes } from "./store-variants.ts";

/** Products and what they are grouped by, for storefronts and for staff. */
export const catalogRoutes: readonly Route[] = [
  ...storeProductRoutes,
  ...storeVariantRoutes,
  ...storeCollectionRoutes,
  ...storeCategoryRoutes,
  ...adminCollectionRoutes,
  ...adminCategoryRoutes,
  ...adminProductRoutes,
  ...adminVariantRoutes,
];
