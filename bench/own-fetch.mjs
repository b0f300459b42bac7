// Node's own fetch and the package undici share one dispatcher, whoever comes first; the package's refuses what Stripe's
// client sends through Node's. To be imported before the package.
await fetch("data:,");
