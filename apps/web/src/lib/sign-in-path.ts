/** Where to sign in, and then go on at this address of the site. */
export function signInPath(address: string): string {
  return address === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(address)}`;
}
