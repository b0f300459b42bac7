import type { Gateway } from "../gateways/gateway.ts";
import type { Deps } from "./deps.ts";
import type { GatewaySetting } from "./ports/gateway-settings.ts";

/**
 * Payment providers of regions that go by another name than the gateways behind them, as storefronts know them; of several
 * gateways the one comes first that is preferred. Every other gateway is a provider of its own name.
 */
const standsFor: Readonly<Record<string, readonly string[]>> = {
  stripe: ["stripe_payment_intents", "stripe"],
  paypal: ["paypal_express_checkout"],
};

/** The gateways that a payment provider may mean, the preferred one first; none where nobody knows the provider. */
export function gatewaysOf({ gateways }: Pick<Deps, "gateways">, provider: string): readonly Gateway[] {
  return (standsFor[provider] ?? [provider]).flatMap((slug) => gateways.get(slug) ?? []);
}

/** What a gateway is called where it is chosen to pay with. */
export function providerOf(gateway: string): string {
  return Object.keys(standsFor).find((provider) => standsFor[provider]?.includes(gateway)) ?? gateway;
}

/** The providers that a region can be given, each with the gateways that it may mean. */
export function regionProviders(
  deps: Pick<Deps, "gateways">,
): readonly { readonly name: string; readonly gateways: readonly Gateway[] }[] {
  const offered = [...deps.gateways.values()].filter(({ isForStaff }) => !isForStaff);
  const names = new Set(offered.map(({ slug }) => providerOf(slug)));
  return [...names].map((name) => ({ name, gateways: gatewaysOf(deps, name) }));
}

/**
 * The gateway that a provider means for a store: the first that is enabled and has credentials, else the first that is
 * enabled, else the last. Undefined where nobody knows the provider.
 */
export function chosenGateway(
  deps: Pick<Deps, "gateways">,
  provider: string,
  settings: readonly GatewaySetting[],
): Gateway | undefined {
  const candidates = gatewaysOf(deps, provider);
  const enabled = candidates.filter(({ slug }) =>
    settings.some((setting) => setting.slug === slug && setting.enabled),
  );
  const settingOf = ({ slug }: Gateway) => settings.find((setting) => setting.slug === slug);
  return (
    enabled.find((gateway) => hasCredentials(gateway, settingOf(gateway))) ?? enabled[0] ?? candidates.at(-1)
  );
}

function hasCredentials({ settings = [] }: Gateway, setting: GatewaySetting | undefined): boolean {
  const credential = settings.find(({ secret }) => secret);
  if (!credential) return true;
  const value = setting?.settings[credential.name];
  return typeof value === "string" && value !== "";
}
