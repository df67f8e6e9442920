/** How wide a picture may be, in user units, and is where nothing is said. */
export const WIDTH = { least: 320, most: 2400, usual: 600 } as const;
