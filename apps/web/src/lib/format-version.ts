/** A numbered version, with its name where that says more than the number. */
export function formatVersion({
  number,
  name,
}: {
  readonly number: number;
  readonly name: string;
}) {
  const title = `Version ${number}`;
  return name === title ? title : `${title} · ${name}`;
}
