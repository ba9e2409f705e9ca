import 'vue';

/**
 * Attributes that any component may be given and that fall through to its root element. Strict templates know only declared props; reka-ui
 * leaves names, titles and the like to this.
 */
declare module 'vue' {
  interface AllowedComponentProps {
    title?: string;
    spellcheck?: boolean | 'true' | 'false';
    autocomplete?: string;
    placeholder?: string;
    'aria-label'?: string;
    'aria-labelledby'?: string;
    'aria-describedby'?: string;
    'aria-invalid'?: boolean;
    onKeydown?: (event: KeyboardEvent) => void;
    onBlur?: (event: FocusEvent) => void;
  }
}
