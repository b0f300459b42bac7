/**
 * How often a decision is made anew when others keep changing what it was made on. Each try that loses means that
 * somebody else's came through, so that a crowd gets on; whoever loses all of them is told so.
 */
export const MAX_TRIES = 12;
