type Silenced = { readonly noNotification?: boolean };

/**
 * What an event says of whether its receivers may tell the shopper of it: what was said of the part of the order that it is
 * about, or else of the order; nothing where nobody said anything. (Medusa: `no_notification`.)
 */
export function silence(order: Silenced, part: Silenced = {}): Silenced {
  const noNotification = part.noNotification ?? order.noNotification;
  return noNotification === undefined ? {} : { noNotification };
}
