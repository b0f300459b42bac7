import Type from "typebox";
import type { GatewaySetting } from "../../operations/ports/gateway-settings.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { problem, refused } from "./errors.ts";
import { type KnownGateway, knownGateways, maskedSetting } from "./gateway-slugs.ts";
import { commonErrors, one } from "./schemas.ts";

const gatewaySchema = Type.Object({
  type: Type.Literal("gateway"),
  slug: Type.String(),
  name: Type.String(),
  enabled: Type.Boolean(),
});

const gatewayBody = one(
  Type.Object({ type: Type.Optional(Type.Literal("gateway")), enabled: Type.Optional(Type.Boolean()) }),
);

const tag = "Gateways";
const path = "/v2/gateways/:slug";

export const gatewayRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/v2/gateways",
    access: "shop",
    tag,
    summary: "List the gateways and which of them are enabled",
    responses: { 200: Type.Object({ data: Type.Array(gatewaySchema) }), ...commonErrors },
    async handle(call) {
      const settings = await settingsOf(call);
      const data = gatewaysOf(call).map((gateway) => renderGateway(gateway, settings.get(gateway.slug)));
      return { status: 200, body: { data } };
    },
  }),
  route({
    method: "GET",
    path,
    access: "shop",
    tag,
    summary: "Get a gateway",
    responses: { 200: one(gatewaySchema), ...commonErrors },
    async handle(call) {
      const gateway = find(call);
      if (!gateway) return unknown(call);
      const setting = (await settingsOf(call)).get(gateway.slug);
      return { status: 200, body: { data: renderGateway(gateway, setting) } };
    },
  }),
  route({
    method: "PUT",
    path,
    access: "shop",
    tag,
    summary: "Enable or disable a gateway",
    body: gatewayBody,
    responses: { 200: one(gatewaySchema), ...commonErrors },
    async handle(call) {
      const gateway = find(call);
      if (!gateway) return unknown(call);
      const { data } = call.body;
      const available = call.deps.gateways.has(gateway.slug);
      if (data.enabled && !available) {
        return problem(
          422,
          "Unprocessable Entity",
          `The gateway ${gateway.slug} is not part of this installation and cannot be enabled`,
        );
      }
      // Nothing here keeps secrets encrypted, and in clear they are not kept at all.
      const credentials = gateway.settings.filter((name) => name in data);
      if (credentials.length > 0) {
        return problem(
          422,
          "Unprocessable Entity",
          `This installation does not keep credentials of gateways, and has not kept: ${credentials.join(", ")}`,
          { source: `data.${credentials[0]}` },
        );
      }
      const before = (await settingsOf(call)).get(gateway.slug);
      const setting = {
        slug: gateway.slug,
        settings: before?.settings ?? {},
        enabled: data.enabled ?? before?.enabled ?? false,
      };
      if (available) {
        const { storeId } = call.context.store;
        await call.deps.storage.gatewaySettings.save(storeId, setting, call.deps.now());
      }
      return { status: 200, body: { data: renderGateway(gateway, setting) } };
    },
  }),
];

/** The vendor's gateways, and those of this installation that the vendor does not have. */
function gatewaysOf({ deps }: Pick<Call, "deps">): readonly KnownGateway[] {
  const own = [...deps.gateways.values()].filter(
    ({ slug }) => !knownGateways.some((gateway) => gateway.slug === slug),
  );
  return [...knownGateways, ...own.map(({ slug, name }) => ({ slug, name, settings: [] }))];
}

type Where = Pick<Call, "deps" | "params" | "context">;

const find = (call: Where) => gatewaysOf(call).find(({ slug }) => slug === call.params.slug);

const unknown = (call: Where): Reply =>
  refused({ type: "gateway_unknown", gateway: call.params.slug as string });

async function settingsOf({ deps, context }: Where): Promise<ReadonlyMap<string, GatewaySetting>> {
  const settings = await deps.storage.gatewaySettings.all(context.store.storeId);
  return new Map(settings.map((setting) => [setting.slug, setting]));
}

function renderGateway(gateway: KnownGateway, setting: GatewaySetting | undefined) {
  const shown = Object.entries(setting?.settings ?? {})
    .filter(([name]) => gateway.settings.includes(name))
    .map(([name, value]) => [name, maskedSetting(name, value)]);
  return {
    ...Object.fromEntries(shown),
    type: "gateway",
    slug: gateway.slug,
    name: gateway.name,
    enabled: setting?.enabled ?? false,
  };
}
