import { expect, test } from "vitest";

import { actOfFormKey } from "./act-of-form-key.ts";

const PLAIN = { isOnChip: true, isShortcut: false, isAltGraph: false };

test.each(["b", "u", "j", "K", "1", "3", "?", "[", "0", "ü", "漢", "😀", "Dead", "Process"])(
  "%s on a known type is typed into the field, whatever it does on the page",
  (key) => {
    expect(actOfFormKey({ ...PLAIN, key })).toBe("type");
  },
);

test.each([" ", "Enter", "ArrowRight", "ArrowUp", "Tab", "Shift", "Backspace", "F5", "Home"])(
  "%j on a known type stays a key of radio buttons and browsers",
  (key) => {
    expect(actOfFormKey({ ...PLAIN, key })).toBe("none");
  },
);

test("a shortcut of the browser is no letter, and AltGr is no shortcut", () => {
  expect(actOfFormKey({ ...PLAIN, key: "r", isShortcut: true })).toBe("none");
  expect(actOfFormKey({ ...PLAIN, key: "ą", isShortcut: true, isAltGraph: true })).toBe("type");
});

test("in the field and on the button letters are left to them, and Escape leaves all of them", () => {
  expect(actOfFormKey({ ...PLAIN, isOnChip: false, key: "b" })).toBe("none");
  expect(actOfFormKey({ ...PLAIN, isOnChip: false, key: "Escape" })).toBe("leave");
  expect(actOfFormKey({ ...PLAIN, key: "Escape" })).toBe("leave");
});
