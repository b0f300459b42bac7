/** An order that staff write for somebody, until it is paid for. What is in it is its cart's. */
export type DraftOrder = {
  readonly id: string;
  /** What people call it by, from 1 on. */
  readonly displayId: number;
  readonly cartId: string;
  readonly status: "open" | "completed";
  /** What lists are searched in: its number, and the e-mail address of the buyer. */
  readonly title: string;
  /** The buyer is not to be told of the order. */
  readonly noNotification?: boolean;
  /** The order that it has become, and when. */
  readonly orderId?: string;
  readonly completedAt?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
};
