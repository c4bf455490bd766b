/** Of one list, over all of its pages; more is of no use to anybody. */
export const maxListItems = 1_000;

/** For how long one is believed at most: a server may change it, and tell nobody, whatever it says that it does. */
export const recentMs = 60_000;

/** Of one of its items: what is made of it is written with recursion, which has an end. */
export const maxItemDepth = 64;
