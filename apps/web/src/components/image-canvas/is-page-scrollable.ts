/** True when something around the element scrolls: on a small screen the page is taller than it. */
export function isPageScrollable(element: HTMLElement): boolean {
  for (let around = element.parentElement; around; around = around.parentElement) {
    const { overflowY } = getComputedStyle(around);
    const mayScroll = overflowY === "auto" || overflowY === "scroll";
    if (mayScroll && around.scrollHeight > around.clientHeight + 1) return true;
  }
  return false;
}
