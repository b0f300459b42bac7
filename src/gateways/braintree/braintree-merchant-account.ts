import type { BraintreeClient, BraintreeMerchantAccount } from "braintree";

/** How long it counts which merchant accounts there are, in milliseconds. */
const KNOWN_FOR_MS = 10 * 60_000;

export type MerchantAccounts = {
  /**
   * The id of the merchant account that takes a currency: the one that was set, else the default one, else the only one
   * that does. Braintree would charge the number in the currency of whatever account it uses.
   * @param owner whose accounts they are
   * @returns undefined when none takes it, or several do and none of them is set or the default
   */
  find(
    client: BraintreeClient,
    owner: string,
    currency: string,
    wanted: string | undefined,
  ): Promise<string | undefined>;
};

/** Asks Braintree for the accounts, and remembers them for a while. */
export function merchantAccounts(now: () => number = Date.now): MerchantAccounts {
  const known = new Map<string, { readonly at: number; readonly accounts: BraintreeMerchantAccount[] }>();
  return {
    async find(client, owner, currency, wanted) {
      let entry = known.get(owner);
      if (!entry || now() - entry.at > KNOWN_FOR_MS) {
        const accounts: BraintreeMerchantAccount[] = [];
        for await (const account of client.merchantAccount.all()) accounts.push(account);
        entry = { at: now(), accounts };
        known.set(owner, entry);
      }
      return choose(entry.accounts, currency.toUpperCase(), wanted);
    },
  };
}

function choose(
  accounts: readonly BraintreeMerchantAccount[],
  currency: string,
  wanted: string | undefined,
): string | undefined {
  const fitting = accounts.filter(
    ({ status, currencyIsoCode }) => status === "active" && currencyIsoCode === currency,
  );
  const best = fitting.find(({ id }) => id === wanted) ?? fitting.find((account) => account.default);
  return (best ?? (fitting.length === 1 ? fitting[0] : undefined))?.id;
}
