import type { MethodName } from "../catalog/methods.ts";
import { bank } from "./bank/method.ts";
import { cnc } from "./cnc/method.ts";
import { decad } from "./decad/method.ts";
import type { MethodFactory } from "./method.ts";
import { rdConv } from "./rd-conv/method.ts";
import { rd } from "./rd/method.ts";
import { uniad } from "./uniad/method.ts";

/** Every method of the catalogue; one without an implementation does not compile. */
const FACTORIES: { readonly [Name in MethodName]: MethodFactory } = {
  rd,
  cnc,
  decad,
  uniad,
  "rd-conv": rdConv,
  bank,
};

/** The implementation of a method of the catalogue. */
export function findMethod(name: MethodName): MethodFactory {
  return FACTORIES[name];
}
