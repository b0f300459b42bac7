import { alpha2ToAlpha3, alpha2ToNumeric } from "i18n-iso-countries/index.js";
import Type from "typebox";
import { countryCodes } from "../../domain/region/countries.ts";
import { textOrNull } from "./schemas.ts";

/** A country as this API shows it. */
export type WireCountry = {
  readonly id: number;
  readonly iso_2: string;
  readonly iso_3: string;
  readonly num_code: number;
  readonly name: string;
  readonly display_name: string;
  /** Of the region that sells there. */
  readonly region_id: string | null;
};

export const countrySchema = Type.Object({
  id: Type.Integer(),
  iso_2: Type.String(),
  iso_3: Type.String(),
  num_code: Type.Integer(),
  name: Type.String(),
  display_name: Type.String(),
  region_id: textOrNull,
});

const names = new Intl.DisplayNames(["en"], { type: "region" });

/** A country by its two-letter code, in a region (id on the wire) or none. */
export function renderCountry(code: string, regionId: string | null): WireCountry {
  const country = countries.get(code) ?? newCountry(code);
  countries.set(code, country);
  return { region_id: regionId, ...country };
}

/** What never changes of a country; every cart shows those of its region. */
const countries = new Map<string, Omit<WireCountry, "region_id">>();

function newCountry(code: string): Omit<WireCountry, "region_id"> {
  const name = countryName(code);
  return {
    id: countryCodes.indexOf(code) + 1,
    iso_2: code,
    iso_3: (alpha2ToAlpha3(code.toUpperCase()) ?? "").toLowerCase(),
    num_code: Number(alpha2ToNumeric(code.toUpperCase()) ?? 0),
    name: name.toUpperCase(),
    display_name: name,
  };
}

/** What the country is called in English; the code itself for one that nobody knows. */
export function countryName(code: string): string {
  try {
    return names.of(code.toUpperCase()) ?? code;
  } catch {
    return code;
  }
}
