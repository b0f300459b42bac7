import { createRequire } from "node:module";
import type { CheckoutAPI, Client, hmacValidator } from "@adyen/api-library";

// Adyen's package is CommonJS with default exports, which loaders unwrap differently; `require` means one thing only.
const load = createRequire(import.meta.url);

/**
 * What payments need of Adyen's own package, loaded with the first of them: all of it takes 30 MB more.
 * @returns classes of the package
 */
export function loadAdyen() {
  const { default: AdyenClient } = load("@adyen/api-library/lib/src/client.js") as {
    readonly default: typeof Client;
  };
  const payments = load("@adyen/api-library/lib/src/services/checkout/paymentsApi.js") as {
    readonly PaymentsApi: new (client: Client) => CheckoutAPI["PaymentsApi"];
  };
  const modifications = load("@adyen/api-library/lib/src/services/checkout/modificationsApi.js") as {
    readonly ModificationsApi: new (client: Client) => CheckoutAPI["ModificationsApi"];
  };
  return { AdyenClient, ...payments, ...modifications };
}

/** What checks the signatures of Adyen's calls. */
export function loadHmacValidator(): typeof hmacValidator {
  const module = load("@adyen/api-library/lib/src/utils/hmacValidator.js") as {
    readonly default: typeof hmacValidator;
  };
  return module.default;
}
