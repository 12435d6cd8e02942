import { METHOD_NAMES, METHODS } from "@loupe/model/catalog";

/** The title of a method in the catalogue; its name when this page is older than the method. */
export function methodTitle(method: string): string {
  const known = METHOD_NAMES.find((name) => name === method);
  return known ? METHODS[known].title : method;
}
