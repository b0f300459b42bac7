const CODES =
  "af al dz as ad ao ai aq ag ar am aw au at az bs bh bd bb by be bz bj bm bt " +
  "bo bq ba bw bv br io bn bg bf bi kh cm ca cv ky cf td cl cn cx cc co km cg " +
  "cd ck cr ci hr cu cw cy cz dk dj dm do ec eg sv gq er ee et fk fo fj fi fr " +
  "gf pf tf ga gm ge de gh gi gr gl gd gp gu gt gg gn gw gy ht hm va hn hk hu " +
  "is in id ir iq ie im il it jm jp je jo kz ke ki kp kr xk kw kg la lv lb ls " +
  "lr ly li lt lu mo mk mg mw my mv ml mt mh mq mr mu yt mx fm md mc mn me ms " +
  "ma mz mm na nr np nl nc nz ni ne ng nu nf mp no om pk pw ps pa pg py pe ph " +
  "pn pl pt pr qa re ro ru rw bl sh kn lc mf pm vc ws sm st sa sn rs sc sl sg " +
  "sx sk si sb so za gs ss es lk sd sr sj sz se ch sy tw tj tz th tl tg tk to " +
  "tt tn tr tm tc tv ug ua ae gb us um uy uz vu ve vn vg vi wf eh ye zm zw ax";

/**
 * Two-letter codes (ISO 3166-1, lower case) of all countries, and of Kosovo, by their English names of about 2015. The
 * place of a country in this order is its number on the wire of Medusa, counted from 1 (observed: dk 60, de 82, us 236).
 */
export const countryCodes: readonly string[] = CODES.split(" ");

const known = new Set(countryCodes);

/** The code in lower case, when it is a country's. */
export function countryCode(text: string): string | undefined {
  const code = text.toLowerCase();
  return known.has(code) ? code : undefined;
}
