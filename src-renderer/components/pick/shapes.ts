/** Things to choose from that belong together. */
export interface PickGroup {
  id: string;
  title: string;
  /** Where it is, faint behind its title. */
  place: string;
  /** What is said where it has no items. */
  none: string;
  items: readonly PickItem[];
}

export interface PickItem {
  id: string;
  text: string;
  hint: string;
  title: string;
  disabled: boolean;
}
