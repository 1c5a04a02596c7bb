/** What a plan reckons with, measured once and kept here for all protocols. */

/** Finding a row, hashing it to its key, and bringing the keys into order: seconds of one core a row. */
export const rowSeconds = 1.2e-6;
