/** A group of items to choose from. */
export interface PickGroup {
  id: string;
  title: string;
  /** Its location, shown faintly after its title. */
  place: string;
  /** The text shown if it has no items. */
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
