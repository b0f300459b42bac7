/** The short words around the details of mails; a store may replace each, to write in its own language. */
export const mailLabels = {
  quantity: "Quantity",
  item: "Item",
  amount: "Amount",
  subtotal: "Subtotal",
  discount: "Discount",
  shipping: "Shipping",
  shipping_discount: "Discount on shipping",
  tax: "Tax",
  tax_included: "Tax included",
  gift_cards: "Paid with gift cards",
  total: "Total",
  billing_address: "Billing address",
  shipping_address: "Goes to",
  tracking: "Tracking",
  refund_expected: "You get back",
  gift_card_code: "Code",
  token: "Your token",
  see_order: "See your order",
  see_shop: "To the shop",
  choose_password: "Choose a new password",
  confirm_orders: "Yes, these orders are mine",
} as const;

export type MailLabel = keyof typeof mailLabels;
export type MailLabels = Readonly<Record<MailLabel, string>>;
