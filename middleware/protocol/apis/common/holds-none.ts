/** For whoever reads an answer and holds no call back. */
export const holdsNone = (): boolean => false;
