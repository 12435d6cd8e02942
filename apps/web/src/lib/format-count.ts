/** A count with its noun: "1 image", "1,482 images". The plural takes an s unless given. */
export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? noun : plural}`;
}
