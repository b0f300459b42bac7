import { formatMoney } from "../domain/currency.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { type MailLinks, type MailStyle, mailLinks } from "../mail/compose-mail.ts";
import { mailLabels } from "../mail/labels.ts";
import { type MailKind, type MailWords, mailDefaults, mailKinds, mailWords } from "../mail/mail-kinds.ts";
import { type CommonMailSetting, defaultLinks, type MailKindSetting } from "../mail/mail-settings.ts";
import { templateProblem } from "../mail/template.ts";
import { type Context, formatFor, type StoreConfig } from "./context.ts";
import type { Deps } from "./deps.ts";

/** What a store decided about its mails. */
export type MailSettings = {
  readonly kinds: Partial<Readonly<Record<MailKind, MailKindSetting>>>;
  readonly common: CommonMailSetting;
};

/** A text is no template; `member` is where it is (`words.subject`). */
export type TemplateInvalid = {
  readonly type: "template_invalid";
  readonly member: string;
  readonly problem: string;
};

/** Under which name what is decided about all mails is kept; no kind is called so. */
const COMMON = "common";

export async function readMailSettings(deps: Deps, storeId: string): Promise<MailSettings> {
  const records = await deps.storage.records.all(storeId, "mail_setting");
  const byId = new Map(records.map((record) => [record.id, record]));
  const kinds = mailKinds.flatMap((kind) => {
    const { isOn, words } = byId.get(kind) ?? {};
    const setting = { ...(isOn !== undefined && { isOn }), ...(words && { words }) };
    return [[kind, setting] as const];
  });
  return { kinds: Object.fromEntries(kinds), common: byId.get(COMMON)?.common ?? {} };
}

/** Whether a kind of mail is sent. */
export function isMailOn({ kinds }: MailSettings, kind: MailKind): boolean {
  return kinds[kind]?.isOn ?? mailDefaults[kind].isOn;
}

/** The words of a kind of mail: the store's, and otherwise those that come along. */
export function wordsOf({ kinds }: MailSettings, kind: MailKind): MailWords {
  return { ...mailDefaults[kind].words, ...kinds[kind]?.words };
}

/** How a store writes a kind of mail; `words` in place of what it decided. */
export function mailStyle(
  deps: Deps,
  store: StoreConfig,
  settings: MailSettings,
  kind: MailKind,
  words: Partial<MailWords> = {},
): MailStyle {
  const { footer = "", language = "en", labels = {}, links = {} } = settings.common;
  return {
    storeName: store.name,
    words: { ...wordsOf(settings, kind), ...words },
    labels: { ...mailLabels, ...labels },
    footer,
    language,
    money: (amount, currency) => formatMoney(amount, formatFor(store, currency)),
    orderId: deps.mail.orderId,
    links: fullLinks({ ...defaultLinks, ...links }, deps.mail.storefrontUrl),
  };
}

/** Links that are paths lead into the storefront, and nowhere when nobody said where that is. */
function fullLinks(links: MailLinks, storefrontUrl: string | undefined): MailLinks {
  const entries = mailLinks.flatMap((name) => {
    const link = links[name];
    if (link === undefined || link === "") return [];
    if (!link.startsWith("/")) return [[name, link] as const];
    return storefrontUrl === undefined ? [] : [[name, `${storefrontUrl}${link}`] as const];
  });
  return Object.fromEntries(entries);
}

/** Decides about one kind of mail, in place of all that was decided about it before. */
export async function saveMailKind(
  deps: Deps,
  { store }: Context,
  kind: MailKind,
  setting: MailKindSetting,
): Promise<Result<MailSettings, TemplateInvalid>> {
  const invalid = invalidWords(setting.words ?? {}, "");
  if (invalid) return fail(invalid);
  await save(deps, store.storeId, kind, setting);
  return ok(await readMailSettings(deps, store.storeId));
}

/** Decides about all mails, in place of all that was decided before. */
export async function saveCommonMailSetting(
  deps: Deps,
  { store }: Context,
  common: CommonMailSetting,
): Promise<Result<MailSettings, TemplateInvalid>> {
  const problem = templateProblem(common.footer ?? "");
  if (problem !== undefined) return fail({ type: "template_invalid", member: "footer", problem });
  for (const name of mailLinks) {
    const link = common.links?.[name] ?? "";
    const wrong =
      link === "" || /^(\/|https?:\/\/[^\s/{}]+(\/|$))/.test(link)
        ? templateProblem(link)
        : "A link begins with / or with https:// and a host";
    if (wrong !== undefined)
      return fail({ type: "template_invalid", member: `links.${name}`, problem: wrong });
  }
  await save(deps, store.storeId, COMMON, { common });
  return ok(await readMailSettings(deps, store.storeId));
}

/** The first of the words that is no template. */
export function invalidWords(words: Partial<MailWords>, prefix: string): TemplateInvalid | undefined {
  for (const name of mailWords) {
    const problem = templateProblem(words[name] ?? "");
    if (problem !== undefined) return { type: "template_invalid", member: `${prefix}${name}`, problem };
  }
  return undefined;
}

async function save(
  deps: Deps,
  storeId: string,
  id: string,
  setting: MailKindSetting & { readonly common?: CommonMailSetting },
): Promise<void> {
  const now = deps.now();
  const { records } = deps.storage;
  const record = { ...setting, id, createdAt: now, updatedAt: now };
  // Somebody else may just be deciding for the first time too; the last one has it.
  if ((await records.insert(storeId, "mail_setting", record)) === "saved") return;
  await records.change(storeId, "mail_setting", id, ({ createdAt }) => ({ ...record, createdAt }));
}
