import Type from "typebox";
import { reconcileNow } from "../../operations/reconcile-now.ts";
import { type Route, route } from "../route.ts";
import { problemAnswer } from "./explanation.ts";

const count = Type.Integer({ minimum: 0 });

export const reconcileRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/cartwright/reconcile",
    access: "shop",
    tag: "Cartwright: payments",
    summary: "Ask the gateways now about payments without an answer, and about what happened there by itself",
    responses: {
      200: Type.Object({
        pending: count,
        completed: count,
        failed: count,
        unknown: count,
        changed: count,
        unreachable: count,
        stuck: count,
      }),
      401: problemAnswer,
      403: problemAnswer,
    },
    idempotency: "none",
    async handle({ deps, context }) {
      return { status: 200, body: await reconcileNow(deps, context) };
    },
  }),
];
