import Type from "typebox";
import type { GatewaySetting, GatewaySettingField } from "../../operations/ports/gateway-settings.ts";
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
      const given = gateway.settings.filter((name) => name in data);
      const fields = call.deps.gateways.get(gateway.slug)?.settings ?? [];
      const kept = given.filter((name) => fields.some((field) => field.name === name));
      const lost = given.find((name) => !kept.includes(name));
      if (lost !== undefined) {
        return problem(
          422,
          "Unprocessable Entity",
          `This installation has no use for ${lost}, and has not kept it`,
          { source: `data.${lost}` },
        );
      }
      const before = (await settingsOf(call)).get(gateway.slug);
      const settings: Record<string, unknown> = { ...before?.settings };
      for (const name of kept) {
        const value = (data as Record<string, unknown>)[name];
        const field = fields.find((candidate) => candidate.name === name);
        const problem = field && settingProblem(field, value);
        if (problem) return problem;
        // A form that was filled from a reading sends the masked secret back: it stays what it is.
        if (field?.secret && value === maskedSetting(name, settings[name])) continue;
        if (value === "" || value === null) delete settings[name];
        else settings[name] = value;
      }
      // A key of one's own is for the real thing.
      if (settings.login !== before?.settings.login) delete settings.simulated;
      const setting = {
        slug: gateway.slug,
        settings,
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

const MAX_SETTING_LENGTH = 4096;

function settingProblem(field: GatewaySettingField, value: unknown): Reply | undefined {
  if (value === null) return undefined;
  const right =
    field.type === "boolean"
      ? typeof value === "boolean"
      : typeof value === "string" && value.length <= MAX_SETTING_LENGTH && /^[\x21-\x7e]*$/.test(value);
  if (right) return undefined;
  const form =
    field.type === "boolean" ? "true or false" : "a text of visible ASCII characters without spaces";
  return problem(400, "Bad Request", `${field.name} must be ${form}`, { source: `data.${field.name}` });
}

/** The vendor's gateways, and those of this installation that the vendor does not have. */
function gatewaysOf({ deps }: Pick<Call, "deps">): readonly KnownGateway[] {
  const own = [...deps.gateways.values()].filter(
    ({ slug, isForStaff }) => !isForStaff && !knownGateways.some((gateway) => gateway.slug === slug),
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
    name: setting?.settings.simulated === true ? `${gateway.name} (simulator, no money moves)` : gateway.name,
    enabled: setting?.enabled ?? false,
  };
}
