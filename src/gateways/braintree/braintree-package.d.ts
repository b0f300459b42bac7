/** What we use of Braintree's own package, which comes without types. Names and states are the package's. */
declare module "braintree" {
  export type BraintreeStatus =
    | "authorization_expired"
    | "authorized"
    | "authorizing"
    | "failed"
    | "gateway_rejected"
    | "processor_declined"
    | "settled"
    | "settlement_confirmed"
    | "settlement_declined"
    | "settlement_pending"
    | "settling"
    | "submitted_for_settlement"
    | "voided";

  export type BraintreeTransaction = {
    readonly id: string;
    readonly type: "sale" | "credit";
    readonly status: BraintreeStatus;
    /** Decimal, in the merchant account's currency; after a capture as much as was captured. */
    readonly amount: string;
    readonly currencyIsoCode: string;
    readonly orderId?: string | null;
    /** RFC 3339. */
    readonly updatedAt?: string;
    /** RFC 3339; of an authorization, when it runs out. */
    readonly authorizationExpiresAt?: string | null;
    readonly refundedTransactionId?: string | null;
    readonly refundIds?: readonly string[];
    readonly statusHistory?: readonly { readonly status: BraintreeStatus }[];
    readonly processorResponseCode?: string;
    readonly processorResponseText?: string;
    readonly gatewayRejectionReason?: string | null;
  };

  /** `success` is false for declines, which have a transaction, and for requests that were refused, which have none. */
  export type BraintreeResult = {
    readonly success: boolean;
    readonly message?: string;
    readonly transaction?: BraintreeTransaction;
    readonly errors?: { deepErrors(): readonly { readonly code: string; readonly message: string }[] };
  };

  export type BraintreeMerchantAccount = {
    readonly id: string;
    readonly status: string;
    readonly currencyIsoCode: string;
    /** Used where a request names none. */
    readonly default: boolean;
  };

  export type BraintreeSearch = {
    orderId(): { is(value: string): void };
    createdAt(): { min(value: Date): void };
    submittedForSettlementAt(): { min(value: Date): void };
    voidedAt(): { min(value: Date): void };
    authorizationExpiredAt(): { min(value: Date): void };
  };

  export type BraintreeSale = {
    readonly amount: string;
    readonly orderId: string;
    readonly merchantAccountId: string;
    readonly apiRequestKey?: string;
    readonly paymentMethodNonce?: string;
    readonly paymentMethodToken?: string;
    readonly customerId?: string;
    readonly deviceData?: string;
    readonly customFields?: Readonly<Record<string, string>>;
    readonly options: { readonly submitForSettlement: boolean };
  };

  export type BraintreeNotification = {
    readonly kind: string;
    /** RFC 3339. */
    readonly timestamp: string;
    readonly transaction?: BraintreeTransaction;
  };

  export type BraintreeClient = {
    readonly config: { timeout: number };
    readonly transaction: {
      sale(sale: BraintreeSale): Promise<BraintreeResult>;
      find(id: string): Promise<BraintreeTransaction>;
      submitForSettlement(
        id: string,
        amount: string,
        options: { readonly apiRequestKey?: string },
      ): Promise<BraintreeResult>;
      void(id: string, options: { readonly apiRequestKey?: string }): Promise<BraintreeResult>;
      refund(
        id: string,
        options: { readonly amount: string; readonly orderId: string; readonly apiRequestKey?: string },
      ): Promise<BraintreeResult>;
      search(describe: (search: BraintreeSearch) => void): AsyncIterable<BraintreeTransaction>;
    };
    readonly merchantAccount: { all(): AsyncIterable<BraintreeMerchantAccount> };
    readonly webhookNotification: {
      parse(signature: string, payload: string): Promise<BraintreeNotification>;
    };
    readonly webhookTesting: {
      sampleNotification(kind: string, id: string): { bt_signature: string; bt_payload: string };
    };
  };

  export type BraintreeEnvironment = object;

  export const BraintreeGateway: new (config: {
    readonly environment: BraintreeEnvironment;
    readonly merchantId: string;
    readonly publicKey: string;
    readonly privateKey: string;
    readonly customHttpAgent?: import("node:http").Agent;
  }) => BraintreeClient;

  export const Environment: {
    new (
      server: string,
      port: string,
      authUrl: string,
      ssl: boolean,
      graphqlServer: string,
      graphqlPort: string,
    ): BraintreeEnvironment;
    readonly Sandbox: BraintreeEnvironment;
    readonly Production: BraintreeEnvironment;
  };
}
