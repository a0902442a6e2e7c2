import { expect, it } from "vitest";
import { countryOf, deviceOf } from "./places.ts";

it("knows each platform's words for devices", () => {
  expect(["Computers", "desktop", "Desktop"].map(deviceOf)).toEqual(["desktop", "desktop", "desktop"]);
  const mobile = ["Mobile phones", "Mobile devices with full browsers", "mobile_app", "iPhone", "Android Smartphone"];
  expect(new Set(mobile.map(deviceOf))).toEqual(new Set(["mobile"]));
  expect(["Tablets with full browsers", "iPad", "Android Tablet"].map(deviceOf)).toEqual([
    "tablet",
    "tablet",
    "tablet",
  ]);
  expect(["TV screens", "CTV", "Connected TV", "connected_tv"].map(deviceOf)).toEqual(["ctv", "ctv", "ctv", "ctv"]);
  expect(["", "Other", "=cmd()"].map(deviceOf)).toEqual(["unknown", "unknown", "unknown"]);
});

it("takes countries by code or English name, and UK for GB", () => {
  expect(["US", "us", "United States", "USA", "UK", "United Kingdom"].map(countryOf)).toEqual([
    "US",
    "US",
    "US",
    "US",
    "GB",
    "GB",
  ]);
  expect(["Türkiye", "Turkey", "Côte d’Ivoire", "Cote d'Ivoire"].map(countryOf)).toEqual(["TR", "TR", "CI", "CI"]);
  expect(["Atlantis", "ZZ", "EU", "XX"].map(countryOf)).toEqual([null, null, null, null]);
});
