/** A mail as it is sent. Nothing in it needs escaping or checking any more. */
export type Mail = {
  readonly to: { readonly name: string; readonly address: string };
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

/** What a mail shows, part by part; its text and its HTML say the same. */
export type MailPart =
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: string }
  /** Goods: what, how many, and what they cost, if that is told. */
  | { readonly kind: "goods"; readonly head: GoodsHead; readonly rows: readonly GoodsRow[] }
  /** Names and amounts; the last one is what they come to. */
  | { readonly kind: "totals"; readonly rows: readonly TotalRow[]; readonly note?: string }
  /** A few lines under a title. */
  | { readonly kind: "block"; readonly title: string; readonly lines: readonly string[] }
  /** What is to be copied: a code, a token. */
  | { readonly kind: "code"; readonly title: string; readonly text: string }
  | { readonly kind: "link"; readonly label: string; readonly url: string };

export type GoodsHead = { readonly item: string; readonly quantity: string; readonly amount?: string };
export type GoodsRow = {
  readonly name: string;
  readonly detail?: string;
  readonly quantity: number;
  readonly amount?: string;
};
export type TotalRow = { readonly name: string; readonly amount: string };
