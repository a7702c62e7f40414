import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

/** The green of a camera in preview: links, focus, choices, graphs. Red is kept for what is live. */
const preview: MantineColorsTuple = [
  '#e8f6f1',
  '#d3ebe3',
  '#a6d8c8',
  '#75c4ab',
  '#4fb394',
  '#36a985',
  '#0c7a62',
  '#0a6a55',
  '#075a48',
  '#03493a',
];

/** The lamp. */
const tally: MantineColorsTuple = [
  '#ffeaea',
  '#fbd3d3',
  '#f3a5a6',
  '#ec7476',
  '#e84c4f',
  '#e53337',
  '#e0242a',
  '#c4181f',
  '#b00f1a',
  '#9a0315',
];

/** What went wrong, or cannot be undone: burnt orange, so that it is never mistaken for the lamp. */
const clay: MantineColorsTuple = [
  '#fdefe6',
  '#f6ddcd',
  '#ecb896',
  '#e3925c',
  '#dc722d',
  '#d85f13',
  '#b34a09',
  '#9c3f06',
  '#863503',
  '#6f2900',
];

const amber: MantineColorsTuple = [
  '#fff6e0',
  '#ffebca',
  '#fdd596',
  '#fbbd5d',
  '#f9a92f',
  '#f89d13',
  '#9a5b00',
  '#8a5100',
  '#754400',
  '#5f3600',
];

const dark: MantineColorsTuple = [
  '#d6d4ce',
  '#b6b5b1',
  '#96979a',
  '#6d6f76',
  '#3d4048',
  '#30333a',
  '#24262c',
  '#1b1d21',
  '#131417',
  '#0d0e10',
];

const gray: MantineColorsTuple = [
  '#f6f5f1',
  '#efede8',
  '#e4e2db',
  '#d6d3cb',
  '#c0bdb4',
  '#a09d95',
  '#6b6a66',
  '#4b4b4a',
  '#33343a',
  '#1d1f25',
];

/** The colour of main actions: dark ink on paper, paper on the dark desk. */
const inkVariants: Record<string, ReturnType<VariantColorsResolver>> = {
  filled: {
    background: 'var(--tl-ink)',
    hover: 'var(--tl-ink-hover)',
    color: 'var(--tl-on-ink)',
    border: '1px solid transparent',
  },
  light: {
    background: 'var(--tl-ink-soft)',
    hover: 'var(--tl-ink-soft-hover)',
    color: 'var(--tl-ink)',
    border: '1px solid transparent',
  },
  subtle: {
    background: 'transparent',
    hover: 'var(--tl-ink-soft)',
    color: 'var(--tl-ink)',
    border: '1px solid transparent',
  },
  outline: {
    background: 'transparent',
    hover: 'var(--tl-ink-soft)',
    color: 'var(--tl-ink)',
    border: '1px solid var(--tl-line-strong)',
  },
};

/** The same in both schemes: white on it has to stay readable. */
const clayFilled: ReturnType<VariantColorsResolver> = {
  background: '#b34a09',
  hover: '#9c3f06',
  color: '#ffffff',
  border: '1px solid transparent',
};

const variantColorResolver: VariantColorsResolver = (input) => {
  const own =
    input.color === 'ink'
      ? inkVariants[input.variant]
      : input.color === 'clay' && input.variant === 'filled'
        ? clayFilled
        : undefined;
  return own ?? defaultVariantColorsResolver(input);
};

export const theme = createTheme({
  primaryColor: 'preview',
  primaryShade: { light: 6, dark: 4 },
  colors: { preview, tally, clay, amber, dark, gray },
  black: '#1d1f25',
  autoContrast: true,
  variantColorResolver,
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '6px', md: '9px', lg: '14px', xl: '20px' },
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '0.78rem', sm: '0.875rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  headings: {
    fontWeight: '650',
    textWrap: 'balance',
    sizes: {
      h1: { fontSize: '1.75rem', lineHeight: '1.2' },
      h2: { fontSize: '1.125rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { color: 'ink' } },
    ActionIcon: { defaultProps: { color: 'ink', variant: 'subtle' } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 250 } },
    // The title's <header> would count as a second banner of the page.
    Modal: { defaultProps: { centered: true, radius: 'lg', attributes: { header: { role: 'presentation' } } } },
    // The placeholder is no menu item, which a menu's children have to be.
    Menu: { defaultProps: { shadow: 'md', radius: 'md', withInitialFocusPlaceholder: false } },
    Badge: { defaultProps: { tt: 'none', fw: 600 } },
    SegmentedControl: { defaultProps: { withItemsBorders: false } },
    Anchor: { defaultProps: { underline: 'always' } },
  },
});

/** Tokens beside Mantine's: surfaces, lines, ink, and the states of the lamp. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f6f5f1',
    '--mantine-color-text': '#1d1f25',
    '--mantine-color-dimmed': '#61605c',
    '--mantine-color-placeholder': '#74726c',
    '--mantine-color-error': '#a8440a',
    '--mantine-color-anchor': '#0a6a55',
    '--mantine-color-default-border': '#d6d3cb',
    '--mantine-color-preview-light': '#0c7a621a',
    '--mantine-color-preview-light-color': '#0a6a55',
    '--mantine-color-clay-light-color': '#9c3f06',
    '--mantine-color-clay-outline': '#a8440a',
    '--tl-surface': '#ffffff',
    '--tl-sunken': '#efede8',
    '--tl-line': '#e4e2db',
    '--tl-line-strong': '#c9c6bd',
    '--tl-ink': '#1d1f25',
    '--tl-ink-hover': '#34373f',
    '--tl-on-ink': '#ffffff',
    '--tl-ink-soft': '#1d1f250f',
    '--tl-ink-soft-hover': '#1d1f251c',
    '--tl-live': '#e0242a',
    '--tl-live-text': '#bd141b',
    '--tl-live-soft': '#e0242a17',
    '--tl-wait': '#e08a00',
    '--tl-wait-text': '#865000',
    '--tl-wait-soft': '#e08a001f',
    '--tl-off': '#8d8a83',
  },
  dark: {
    '--mantine-color-body': '#131417',
    '--mantine-color-text': '#e6e4de',
    '--mantine-color-dimmed': '#a3a3a2',
    '--mantine-color-placeholder': '#8b8c90',
    '--mantine-color-error': '#f0a070',
    '--mantine-color-anchor': '#6fcdb1',
    '--mantine-color-default': '#1f2126',
    '--mantine-color-default-hover': '#282b31',
    '--mantine-color-default-border': '#3a3d45',
    '--mantine-color-preview-light': '#4fb39426',
    '--mantine-color-preview-light-color': '#86d8bf',
    '--mantine-color-clay-light-color': '#f0a070',
    '--mantine-color-clay-outline': '#f0a070',
    '--tl-surface': '#1b1d21',
    '--tl-sunken': '#0f1012',
    '--tl-line': '#2a2d33',
    '--tl-line-strong': '#454851',
    '--tl-ink': '#eceae4',
    '--tl-ink-hover': '#ffffff',
    '--tl-on-ink': '#16171b',
    '--tl-ink-soft': '#eceae414',
    '--tl-ink-soft-hover': '#eceae424',
    '--tl-live': '#ff3b3f',
    '--tl-live-text': '#ff8a8b',
    '--tl-live-soft': '#ff3b3f24',
    '--tl-wait': '#f5a524',
    '--tl-wait-text': '#f6bd63',
    '--tl-wait-soft': '#f5a52422',
    '--tl-off': '#7d7f86',
  },
});
