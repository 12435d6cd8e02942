import { type MethodName, METHODS } from "../catalog/methods.ts";
import { bank } from "./bank/method.ts";
import { cnc } from "./cnc/method.ts";
import { decad } from "./decad/method.ts";
import { withDecad } from "./decad/with-decad.ts";
import type { MethodFactory } from "./method.ts";
import { rdConvHost } from "./rd-conv/method.ts";
import { rdHost } from "./rd/method.ts";
import { uniadHost } from "./uniad/method.ts";

/** Every method of the catalogue; one without an implementation does not compile. */
const FACTORIES: { readonly [Name in MethodName]: MethodFactory } = {
  rd: withDecad(METHODS.rd.settings, rdHost),
  cnc,
  decad,
  uniad: withDecad(METHODS.uniad.settings, uniadHost),
  "rd-conv": withDecad(METHODS["rd-conv"].settings, rdConvHost),
  bank,
};

/** The implementation of a method of the catalogue. */
export function findMethod(name: MethodName): MethodFactory {
  return FACTORIES[name];
}
