/** What is told by mail. Each kind can be switched off and reworded by a store. */
export const mailKinds = [
  "order_placed",
  "staff_order_placed",
  "payment_received",
  "payment_failed",
  "order_shipped",
  "order_cancelled",
  "order_refunded",
  "order_edit_requested",
  "return_requested",
  "return_received",
  "gift_card",
  "password_reset",
  "staff_password_reset",
  "orders_claim",
  "customer_welcome",
] as const;

export type MailKind = (typeof mailKinds)[number];

/** What a store may say in a mail, with placeholders such as `{{order.number}}`. An empty text leaves the part out. */
export type MailWords = {
  readonly subject: string;
  readonly heading: string;
  /** Paragraphs before the details, apart by empty lines. */
  readonly intro: string;
  /** Paragraphs after the details. */
  readonly closing: string;
};

export const mailWords = [
  "subject",
  "heading",
  "intro",
  "closing",
] as const satisfies readonly (keyof MailWords)[];

type KindDefaults = {
  /** Sent unless a store decides otherwise. */
  readonly isOn: boolean;
  /** Whom it goes to. */
  readonly to: "customer" | "staff";
  /** What it tells, for whoever sets it up. */
  readonly about: string;
  readonly words: MailWords;
};

const greeting = "Hello{{#customer.first_name}} {{customer.first_name}}{{/customer.first_name}},\n\n";

/** What every kind is without a store's own decisions. */
export const mailDefaults: Readonly<Record<MailKind, KindDefaults>> = {
  order_placed: {
    isOn: true,
    to: "customer",
    about:
      "An order is authorized or paid for the first time: what was bought, what it costs and where it goes",
    words: {
      subject: "Your order {{order.number}}",
      heading: "Thank you for your order",
      intro: `${greeting}we have your order {{order.number}} of {{order.date}}. This is what you bought:`,
      closing: "We will write to you again when it is on its way.",
    },
  },
  staff_order_placed: {
    isOn: true,
    to: "staff",
    about: "An order is authorized or paid for the first time, to each of the store's `staff_addresses`",
    words: {
      subject: "New order {{order.number}}: {{order.total}}",
      heading: "New order {{order.number}}",
      intro:
        "{{#customer.name}}{{customer.name}}, {{/customer.name}}{{customer.email}}, has ordered on {{order.date}}:",
      closing: "",
    },
  },
  payment_received: {
    isOn: true,
    to: "customer",
    about: "Money that was only authorized is captured",
    words: {
      subject: "Payment received for order {{order.number}}",
      heading: "We have received your payment",
      intro: `${greeting}thank you, we have received {{amount}} for your order {{order.number}}.`,
      closing: "",
    },
  },
  payment_failed: {
    isOn: false,
    to: "customer",
    about: "A quarter of an hour after a payment failed, when nothing else has paid for the order since",
    words: {
      subject: "Your order {{order.number}} is not paid yet",
      heading: "The payment did not go through",
      intro: `${greeting}the payment of {{amount}} for your order {{order.number}} did not go through. Nothing was taken.`,
      closing: "You are welcome to try again, with another way to pay if you like.",
    },
  },
  order_shipped: {
    isOn: true,
    to: "customer",
    about: "A parcel of an order, or all of it, is on its way",
    words: {
      subject: "Your order {{order.number}} is on its way",
      heading: "On its way",
      intro: `${greeting}this of your order {{order.number}} has been sent:`,
      closing: "",
    },
  },
  order_cancelled: {
    isOn: true,
    to: "customer",
    about: "An order that was authorized or paid is called off",
    words: {
      subject: "Your order {{order.number}} was cancelled",
      heading: "Your order was cancelled",
      intro: `${greeting}your order {{order.number}} was cancelled, and nothing of it will be sent.`,
      closing: "",
    },
  },
  order_refunded: {
    isOn: true,
    to: "customer",
    about: "Money is paid back",
    words: {
      subject: "Refund for order {{order.number}}",
      heading: "We have paid money back",
      intro: `${greeting}we have paid back {{amount}} of your order {{order.number}}. It can take some days to arrive.`,
      closing: "",
    },
  },
  order_edit_requested: {
    isOn: true,
    to: "customer",
    about: "A change of an order waits for the customer, who is to pay the difference or to agree",
    words: {
      subject: "A change of your order {{order.number}}",
      heading: "Do you agree with this change?",
      intro: `${greeting}your order {{order.number}} is to be changed.{{#amount}} {{amount}} are to be paid for it.{{/amount}}`,
      closing: "Your order stays as it is until you have agreed.",
    },
  },
  return_requested: {
    isOn: true,
    to: "customer",
    about: "Goods of an order are to come back",
    words: {
      subject: "Return of order {{order.number}}",
      heading: "We expect your return",
      intro: `${greeting}we know that you send this of your order {{order.number}} back:`,
      closing: "We will write to you again when it has arrived.",
    },
  },
  return_received: {
    isOn: true,
    to: "customer",
    about: "Goods of an order have come back",
    words: {
      subject: "Your return of order {{order.number}} has arrived",
      heading: "Your return has arrived",
      intro: `${greeting}this of your order {{order.number}} has come back to us:`,
      closing: "",
    },
  },
  gift_card: {
    isOn: true,
    to: "customer",
    about: "The codes of gift cards that were bought, to the buyer",
    words: {
      subject: "Your gift card from {{store.name}}",
      heading: "Your gift card",
      intro: `${greeting}here is what you bought with your order {{order.number}}. Whoever has the code can spend it.`,
      closing: "Enter the code when you check out.",
    },
  },
  password_reset: {
    isOn: true,
    to: "customer",
    about: "A customer wants a new password",
    words: {
      subject: "Your new password at {{store.name}}",
      heading: "Choose a new password",
      intro: `${greeting}somebody, hopefully you, wants a new password for your account. This is good for {{minutes}} minutes:`,
      closing: "If it was not you, there is nothing to do: your password stays as it is.",
    },
  },
  staff_password_reset: {
    isOn: true,
    to: "staff",
    about: "One of the staff wants a new password",
    words: {
      subject: "Your new staff password at {{store.name}}",
      heading: "Choose a new password",
      intro: `${greeting}somebody, hopefully you, wants a new password for your staff account. This is good for {{minutes}} minutes:`,
      closing: "If it was not you, there is nothing to do: your password stays as it is.",
    },
  },
  orders_claim: {
    isOn: true,
    to: "customer",
    about: "A customer says that orders with this e-mail address are theirs",
    words: {
      subject: "Are these orders yours?",
      heading: "Are these orders yours?",
      intro: `${greeting}somebody wants to see the orders {{orders}} in their account at {{store.name}}. If that is you, confirm it within {{minutes}} minutes:`,
      closing: "If it was not you, there is nothing to do: the orders stay as they are.",
    },
  },
  customer_welcome: {
    isOn: false,
    to: "customer",
    about: "A customer has registered",
    words: {
      subject: "Welcome to {{store.name}}",
      heading: "Welcome",
      intro: `${greeting}your account at {{store.name}} is ready. You sign in with {{customer.email}}.`,
      closing: "",
    },
  },
};
