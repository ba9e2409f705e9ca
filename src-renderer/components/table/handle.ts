/** What a page can do with its table or tree. */
export interface TableHandle {
  focusFilter: () => void;
  focusRows: () => void;
}
