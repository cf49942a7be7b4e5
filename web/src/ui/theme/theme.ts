import { createTheme, type MantineColorsTuple } from '@mantine/core';

/*
 * The colours: warm paper, deep teal ink for what is done and what to do, ochre for what waits
 * for someone, red for danger alone. Text shades hold 4.5:1 on paper and on their own 0 shade.
 */
const ink: MantineColorsTuple = [
  '#edf6f5',
  '#d6eae8',
  '#aed6d3',
  '#7fbdbb',
  '#4f9f9f',
  '#2b8083',
  '#15666b',
  '#0b5359',
  '#084148',
  '#062e34',
];
const ochre: MantineColorsTuple = [
  '#fdf5e4',
  '#faeac9',
  '#f5d693',
  '#f0c05c',
  '#e8a933',
  '#cf8a17',
  '#a9690d',
  '#85510b',
  '#653d09',
  '#472b07',
];
const red: MantineColorsTuple = [
  '#fdf0ee',
  '#fadad5',
  '#f3b2a9',
  '#ea8578',
  '#df5c4d',
  '#d03b2d',
  '#bb2a1f',
  '#9c2018',
  '#7b1913',
  '#58120d',
];
const gray: MantineColorsTuple = [
  '#f7f5f0',
  '#efebe3',
  '#e4dfd4',
  '#d2ccbf',
  '#b2ab9d',
  '#8b8578',
  '#68645a',
  '#4e4b44',
  '#35332e',
  '#201f1c',
];

const controls = [
  'Autocomplete',
  'Button',
  'Checkbox',
  'DateInput',
  'FileInput',
  'MultiSelect',
  'NativeSelect',
  'PasswordInput',
  'PinInput',
  'Radio',
  'RadioGroup',
  'CheckboxGroup',
  'SegmentedControl',
  'Select',
  'Switch',
  'TagsInput',
  'Textarea',
  'TextInput',
];

/* Mantine's own scroll lock writes a <style> element, which our content security policy refuses;
   base.css locks the page behind an open dialog instead. */
const dialog = {
  defaultProps: { lockScroll: false, centered: true, radius: 'lg' },
  classNames: { title: 'dialog-title' },
};

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: 7,
  colors: { ink, ochre, red, gray },
  black: '#15292b',
  white: '#ffffff',
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '6px', md: '10px', lg: '16px', xl: '24px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  fontFamily: "'Atkinson Hyperlegible Next Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  fontSizes: { xs: '0.8125rem', sm: '0.9375rem', md: '1.0625rem', lg: '1.1875rem', xl: '1.375rem' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.5', lg: '1.5', xl: '1.4' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2.25rem' },
  headings: {
    fontWeight: '650',
    textWrap: 'balance',
    sizes: {
      h1: { fontSize: '1.75rem', lineHeight: '1.2' },
      h2: { fontSize: '1.3125rem', lineHeight: '1.3' },
      h3: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h4: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  components: {
    ...Object.fromEntries(controls.map((name) => [name, { defaultProps: { size: 'md' } }])),
    Modal: dialog,
    Drawer: { defaultProps: { lockScroll: false } },
    // An element without a role inside a menu, which screen readers stumble over.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Anchor: { defaultProps: { underline: 'always' } },
    Paper: { defaultProps: { radius: 'lg' } },
    Card: { defaultProps: { radius: 'lg', padding: 'lg', withBorder: true } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 600 } },
  },
});
