/** What every question to the user ends with. */
export const askLine = 'Allow? (Y)es/(N)o/(A)lways';
