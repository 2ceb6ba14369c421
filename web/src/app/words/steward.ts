export const stewardWords = {} as const;
