/** What files a picture can become. */
export const formatNames = ["svg", "png", "pdf", "webp"] as const;
export type PictureFormat = (typeof formatNames)[number];
