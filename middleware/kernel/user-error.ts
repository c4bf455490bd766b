/** What the user can mend, as a plain sentence that says what, where and how. */
export class UserError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UserError';
  }
}
