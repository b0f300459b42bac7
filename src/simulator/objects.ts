/** Moments are seconds since 1970, amounts are in the currency's smallest unit as Stripe counts it. */
export type Metadata = Readonly<Record<string, string>>;

export type CaptureMethod = "automatic" | "automatic_async" | "manual";

export type IntentStatus =
  | "requires_payment_method"
  | "requires_confirmation"
  | "requires_action"
  | "requires_capture"
  | "canceled"
  | "succeeded";

/** What is answered when something is refused; the members are Stripe's. */
export type ErrorBody = {
  readonly type: "card_error" | "invalid_request_error" | "idempotency_error" | "api_error";
  readonly message: string;
  readonly code?: string;
  readonly decline_code?: string;
  readonly param?: string;
  readonly payment_intent?: Intent;
};

/** A payment, from the attempt to authorize it to its capture or release. */
export type Intent = {
  readonly id: string;
  readonly object: "payment_intent";
  readonly amount: number;
  readonly amount_capturable: number;
  readonly amount_received: number;
  readonly canceled_at: number | null;
  readonly cancellation_reason: string | null;
  readonly capture_method: CaptureMethod;
  readonly client_secret: string;
  readonly confirmation_method: "automatic" | "manual";
  readonly created: number;
  readonly currency: string;
  readonly customer: string | null;
  readonly description: string | null;
  readonly last_payment_error: Omit<ErrorBody, "payment_intent"> | null;
  readonly latest_charge: string | null;
  readonly livemode: false;
  readonly metadata: Metadata;
  readonly next_action: NextAction | null;
  readonly payment_method: string | null;
  readonly payment_method_types: readonly ["card"];
  readonly receipt_email: string | null;
  readonly status: IntentStatus;
};

/** Where the shopper proves who they are. */
export type NextAction =
  | {
      readonly type: "redirect_to_url";
      readonly redirect_to_url: { readonly url: string; readonly return_url: string };
    }
  | {
      readonly type: "use_stripe_sdk";
      readonly use_stripe_sdk: { readonly type: "three_d_secure_redirect"; readonly stripe_js: string };
    };

/** Money that was set aside or taken from a card, or an attempt that failed. */
export type Charge = {
  readonly id: string;
  readonly object: "charge";
  readonly amount: number;
  readonly amount_captured: number;
  readonly amount_refunded: number;
  readonly captured: boolean;
  readonly created: number;
  readonly currency: string;
  readonly failure_code: string | null;
  readonly livemode: false;
  readonly metadata: Metadata;
  readonly paid: boolean;
  readonly payment_intent: string;
  readonly payment_method: string;
  readonly payment_method_details: {
    readonly type: "card";
    readonly card: { readonly brand: string; readonly last4: string; readonly capture_before?: number };
  };
  readonly refunded: boolean;
  readonly status: "succeeded" | "failed";
};

export type Refund = {
  readonly id: string;
  readonly object: "refund";
  readonly amount: number;
  readonly charge: string;
  readonly created: number;
  readonly currency: string;
  readonly failure_reason?: string;
  readonly metadata: Metadata;
  readonly payment_intent: string;
  readonly reason: string | null;
  readonly status: "pending" | "succeeded" | "failed" | "canceled";
};

/** A card as a token stands for it. The number is never kept. */
export type PaymentMethod = {
  readonly id: string;
  readonly object: "payment_method";
  readonly card: { readonly brand: string; readonly last4: string };
  readonly created: number;
  readonly customer: string | null;
  readonly livemode: false;
  readonly type: "card";
  /** Which of the test cards it behaves like. */
  readonly behaves_like: string;
};

export type SimulatedEvent = {
  readonly id: string;
  readonly object: "event";
  readonly api_version: string;
  readonly created: number;
  readonly data: { readonly object: Intent | Charge | Refund };
  readonly livemode: false;
  readonly pending_webhooks: number;
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null };
  readonly type: string;
};
