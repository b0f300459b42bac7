import type { WebhookEndpoint } from "../../domain/webhooks/endpoint.ts";

/** One call to an endpoint. */
export type DeliveryAttempt = {
  /** RFC 3339. */
  readonly at: string;
  readonly durationMs: number;
  /** HTTP status of the answer; absent when none came. */
  readonly status?: number;
  /** Why none came. */
  readonly error?: string;
  /** How the answer's body begins. */
  readonly answer?: string;
};

export type DeliveryStatus = "pending" | "delivered" | "failed";

/** An event as one endpoint is told it. */
export type WebhookDelivery = {
  readonly id: string;
  readonly endpointId: string;
  readonly eventSeq: number;
  /** The same for all endpoints. */
  readonly eventId: string;
  /** As it is told, see `Deps.hooks`. */
  readonly type: string;
  readonly subjectId: string;
  readonly sequence: number;
  readonly status: DeliveryStatus;
  /** Since when it is tried (RFC 3339), and how often since then. */
  readonly since: string;
  readonly tries: number;
  readonly nextAt: string;
  /** The last ones, newest first, also those from before it was asked for again. */
  readonly attempts: readonly DeliveryAttempt[];
  /** When the event happened (RFC 3339). */
  readonly createdAt: string;
};

/** The event of a delivery, as it was kept. */
export type DeliveryEvent = {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
};

export type NewDelivery = Pick<
  WebhookDelivery,
  "id" | "endpointId" | "eventSeq" | "eventId" | "type" | "subjectId" | "sequence" | "createdAt"
>;

/** How deliveries of a store or an endpoint stand. */
export type DeliveryCounts = {
  readonly pending: number;
  readonly failed: number;
  /** When the oldest pending event happened (RFC 3339). */
  readonly oldest?: string;
};

/** An endpoint that does not take what it is told. */
export type FailingEndpoint = DeliveryCounts & {
  readonly endpoint: WebhookEndpoint;
  /** Since when something that waits has been tried in vain (RFC 3339). */
  readonly since?: string;
};

/** Endpoints, and what is on its way to them. */
/** What calls are signed with: `whsec_...`, and `until` when besides another one (RFC 3339); absent: for good. */
export type HookSecret = { readonly secret: string; readonly until?: string };

export type WebhookPort = {
  /** Ids of the stores that have endpoints; one statement, however many stores have none. */
  stores(): Promise<readonly string[]>;
  /** Oldest first. */
  endpoints(storeId: string): Promise<readonly WebhookEndpoint[]>;
  endpoint(storeId: string, endpointId: string): Promise<WebhookEndpoint | undefined>;
  insert(storeId: string, endpoint: WebhookEndpoint, secret: string): Promise<void>;
  /** Stores what `change` makes of it; undefined when there is none. */
  change(
    storeId: string,
    endpointId: string,
    change: (endpoint: WebhookEndpoint) => WebhookEndpoint,
  ): Promise<WebhookEndpoint | undefined>;
  /** With everything that was to be told to it. */
  delete(storeId: string, endpointId: string): Promise<boolean>;
  /** What its calls are signed with, the newest first; none when they were encrypted with another secret of the installation. */
  secretsOf(storeId: string, endpointId: string): Promise<readonly HookSecret[]>;
  /**
   * Gives it a new secret, beside which those that it has are good `until` then (RFC 3339) at most; false when there is no
   * such endpoint.
   */
  rotate(
    storeId: string,
    endpointId: string,
    secret: string,
    times: { readonly now: string; readonly until: string },
  ): Promise<boolean>;

  /** Notes what is to be told. What an endpoint has already is passed over. */
  add(storeId: string, deliveries: readonly NewDelivery[], now: string): Promise<void>;
  /** Endpoints that are enabled and have something that may be tried now. */
  dueEndpoints(storeId: string, now: string): Promise<readonly string[]>;
  /**
   * Takes deliveries that may be tried now, oldest first, and of each subject only the first that is pending. Until
   * `leaseMs` are over nobody else gets them.
   */
  claim(
    storeId: string,
    endpointId: string,
    options: {
      readonly now: string;
      readonly leaseMs: number;
      readonly limit: number;
      readonly token: string;
    },
  ): Promise<readonly (WebhookDelivery & { readonly event: DeliveryEvent })[]>;
  /**
   * Writes down what came of a claimed delivery; what comes after it of the same subject is due when it is, or now if it
   * is not any more. Nothing when the claim is somebody else's by now, unless it was
   * delivered: that is a fact.
   */
  settle(
    storeId: string,
    deliveryId: string,
    token: string,
    outcome: {
      readonly status: DeliveryStatus;
      readonly tries: number;
      readonly nextAt: string;
      readonly attempts: readonly DeliveryAttempt[];
    },
    now: string,
  ): Promise<void>;
  /** Gives back claimed deliveries that were not tried. */
  release(storeId: string, endpointId: string, token: string): Promise<void>;
  /** The endpoint takes things: what was last tried before `before` is tried again now, whatever its pause. */
  hurry(storeId: string, endpointId: string, before: string, now: string): Promise<void>;
  /** Newest first. `before` is the event after which the last page ended. */
  deliveries(
    storeId: string,
    endpointId: string,
    options: { readonly status?: DeliveryStatus; readonly before?: number; readonly limit: number },
  ): Promise<readonly (WebhookDelivery & { readonly event: DeliveryEvent })[]>;
  /**
   * Tells again: one delivery, or those of events from `since` on and before `until`, all that failed or all. What is
   * pending has its time of trying renewed.
   * @returns how many
   */
  replay(
    storeId: string,
    endpointId: string,
    what:
      | { readonly deliveryId: string }
      | { readonly since: string; readonly until?: string; readonly statuses: readonly DeliveryStatus[] },
    now: string,
  ): Promise<number>;
  counts(storeId: string): Promise<DeliveryCounts>;
  /** Enabled endpoints for which something has failed for good, or is tried in vain since before `before`. */
  failing(storeId: string, before: string): Promise<readonly FailingEndpoint[]>;
  /** @returns how many */
  deleteOlderThan(storeId: string, before: string, limit: number): Promise<number>;
};
