import { PictureGate } from "@loupe/platform";

/** Where this process decodes pictures of imports, however many imports there are at once. */
export const importPictures = new PictureGate();
