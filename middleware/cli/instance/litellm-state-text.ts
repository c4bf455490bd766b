/** A state of LiteLLM for people: the states are words for programs, and some say nothing to anybody else. */
export function litellmStateText(state: string): string {
  switch (state) {
    case 'backing-off':
      return 'not there, is tried again';
    case 'installing':
      return 'being installed or checked';
    default:
      return state;
  }
}
