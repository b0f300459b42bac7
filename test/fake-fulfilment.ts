import { fail, ok, type Result } from "../src/domain/result.ts";
import type {
  FulfilmentCall,
  FulfilmentData,
  FulfilmentProvider,
  FulfilmentRefusal,
} from "../src/fulfilment/fulfilment-provider.ts";

/** A parcel at the carrier: one for each key, however often it was asked for. */
export type Parcel = {
  readonly key: string;
  readonly number: number;
  readonly method: FulfilmentData;
  readonly items: FulfilmentCall["items"];
  isCalledOff: boolean;
};

type Outcome = Result<FulfilmentData, FulfilmentRefusal> | Result<void, FulfilmentRefusal>;
/** What becomes of a call: `effect` carries it out, and the behaviour decides what its caller hears. */
export type CarrierBehaviour = (effect: () => Outcome) => Outcome | Promise<Outcome>;

export const loseCarrierAnswer: CarrierBehaviour = (effect) => {
  effect();
  throw new Error("socket hang up");
};
export const refuseParcel: CarrierBehaviour = () =>
  fail({ type: "fulfilment_refused", message: "The carrier does not go there" });
export const hangAtCarrier: CarrierBehaviour = () => new Promise(() => undefined);

/** A carrier that is called from outside, with a memory of its own. Calls are answered by `script`, one after the other. */
export function fakeFulfilment(slug = "parcels") {
  const parcels: Parcel[] = [];
  const calls: { readonly what: "create" | "cancel"; readonly call: FulfilmentCall }[] = [];
  const behaviours: CarrierBehaviour[] = [];
  const next = (): CarrierBehaviour => behaviours.shift() ?? ((effect) => effect());
  const provider: FulfilmentProvider = {
    slug,
    local: false,
    deadlineMs: 300,
    ways: async () => [{ id: "express" }],
    takes: async () => true,
    calculates: async () => false,
    priceOf: async () => 0,
    methodData: async (_option, sent) => ok({ ...sent, service: "express" }),
    async create(method, call) {
      calls.push({ what: "create", call });
      return next()(() => {
        const { key, items } = call;
        const parcel = parcels.find((known) => known.key === key) ?? {
          ...{ key, number: parcels.length + 1, method, items, isCalledOff: false },
        };
        if (!parcels.includes(parcel)) parcels.push(parcel);
        return ok({ parcel: parcel.number });
      }) as Promise<Result<FulfilmentData, FulfilmentRefusal>>;
    },
    async cancel(_fulfilment, call) {
      calls.push({ what: "cancel", call });
      return next()(() => {
        for (const parcel of parcels) if (parcel.key === call.key) parcel.isCalledOff = true;
        return ok(undefined);
      }) as Promise<Result<void, FulfilmentRefusal>>;
    },
  };
  return { provider, parcels, calls, script: (...some: CarrierBehaviour[]) => behaviours.push(...some) };
}
