/** An answer that is not as recorded, on purpose: which answers, which of their differences, and why. */
export type KnownDifference = {
  readonly answers: RegExp;
  readonly differences: RegExp;
  readonly why: string;
};

/** The list that `differences.md` tells people. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    answers: /./,
    differences: /inventory_quantity/,
    why: "stock is never negative, and orders hold what is there",
  },
  {
    answers: /^01-seed\/002-/,
    differences: /^\.store\.name/,
    why: "the store has the name that it was given",
  },
  {
    answers: /^02-purchase\/029-/,
    differences: /^\.shipping_options/,
    why: "options are found by products as they are for carts",
  },
  {
    answers: /^02-purchase\/(031|043)-/,
    differences: /./,
    why: "what is not there is a 404 and no error of the server",
  },
  {
    answers: /^02-purchase\/040-/,
    differences: /is_selected/,
    why: "a refreshed session stays chosen",
  },
  {
    answers: /^02-purchase\/050-/,
    differences: /./,
    why: "country codes may be in upper case",
  },
  {
    answers: /^02-purchase\/0(5[1-9]|[678]\d)-/,
    differences: /(billing|shipping)_address/,
    why: "the address of the step before was taken here",
  },
  {
    answers: /^02-purchase\/057-/,
    differences: /./,
    why: "options for staff are not for shoppers",
  },
  {
    answers: /^02-purchase\/06[579]-|^02-purchase\/071-|^02-purchase\/073-/,
    differences: /payment_sessions?(\[\d\])?\.status/,
    why: "a session whose data changes is pending again",
  },
  {
    answers: /^02-purchase\/072-/,
    differences: /./,
    why: "a declined card is an answer and no error of the server",
  },
  {
    answers: /^02-purchase\/079-/,
    differences: /./,
    why: "a completed cart says that it is completed",
  },
  {
    answers: /^(03-totals|07-tax)\//,
    differences: /adjustments\[\d\]\.amount|raw_discount_total/,
    why: "shares of a discount are whole minor units that add up",
  },
  {
    answers: /^03-totals\/025-|^07-tax\/014-/,
    differences: /refundable/,
    why: "what is refundable of a line is its total",
  },
  {
    answers: /^07-tax\/010-/,
    differences: /adjustments/,
    why: "a discount that does not count any more leaves nothing behind",
  },
  {
    answers: /^03-totals\/029-/,
    differences: /\.order|\.metadata/,
    why: "gift cards name the order that they were bought with by its id",
  },
  {
    answers: /^03-totals\/038-/,
    differences: /payment/,
    why: "nothing is authorized before it is known who buys",
  },
  {
    answers: /^03-totals\/039-/,
    differences: /./,
    why: "a cart that could not be completed can be completed once the reason is gone",
  },
  {
    answers: /^04-customers-catalog\/031-/,
    differences: /./,
    why: "a token that is none is a 401 and no error of the server",
  },
  {
    answers: /^04-customers-catalog\/049-/,
    differences: /hits/,
    why: "search finds products",
  },
  {
    answers: /^04-customers-catalog\/064-/,
    differences: /./,
    why: "an address that is not there is told as JSON",
  },
  {
    answers: /^0[3-6]-/,
    differences: /display_id/,
    why: "one order more was made before",
  },
  {
    answers: /^03-totals\/044-/,
    differences: /payment/,
    why: "stock is claimed before a payment is made, so none is left behind",
  },
  {
    answers: /^03-totals\/048-/,
    differences: /./,
    why: "a use of a code counts at once",
  },
  {
    answers: /^08-inventory\/00[67]-/,
    differences: /stocked_quantity|location_levels|available_quantity/,
    why: "a new variant has a level at the first location",
  },
  {
    answers: /^08-inventory\/(013|015|019|02[1-3])-/,
    differences: /variant\.sku/,
    why: "an inventory item is the variant by another name",
  },
  {
    answers: /^08-inventory\/022-/,
    differences: /fulfillment_status/,
    why: "the other fulfilment of the order still stands",
  },
  {
    answers: /^08-inventory\/02[67]-/,
    differences: /./,
    why: "no more is reserved than there is, and a fulfilment without a location took a piece",
  },
  {
    answers: /^05-admin\/006-/,
    differences: /\.orders|\.count/,
    why: "one order more was made before",
  },
  {
    answers: /^05-admin\/019-/,
    differences: /\.type|\.message/,
    why: "what was sent already is told, and no error of the database",
  },
  {
    answers: /^05-admin\/023-/,
    differences: /fulfillment_status/,
    why: "one fulfilment that is cancelled does not cancel the others",
  },
  {
    answers: /^05-admin\/03[678]-/,
    differences: /refund/,
    why: "a return that is received with a refund pays it back",
  },
  {
    answers: /^05-admin\/076-/,
    differences: /^\.store\.(name|feature_flags|modules)/,
    why: "the store has its own name, and says what this engine does",
  },
  {
    answers: /^05-admin\/078-/,
    differences: /email/,
    why: "customers are listed newest first",
  },
];

/** The differences that nobody has explained, as `answer: difference`. */
export function unexplained(
  rows: readonly { readonly name: string; readonly diffs: readonly string[] }[],
): readonly string[] {
  return rows.flatMap(({ name, diffs }) =>
    diffs
      .filter(
        (diff) =>
          !knownDifferences.some(({ answers, differences }) => answers.test(name) && differences.test(diff)),
      )
      .map((diff) => `${name}: ${diff}`),
  );
}
