import { type CSSVariablesResolver, createTheme } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'indigo',
  // The shade that Mantine takes in the light look has a contrast of 4.4 to 1 with white; WCAG 2.2 AA asks for 4.5.
  primaryShade: { light: 7, dark: 8 },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace',
  cursorType: 'pointer',
  respectReducedMotion: true,
  // In the colour of the alert, its title has too little contrast with its background.
  components: {
    Alert: { styles: { label: { color: 'var(--mantine-color-text)' } } },
    Badge: { defaultProps: { tt: 'none' } },
    NavLink: { styles: { root: { borderRadius: 'var(--mantine-radius-default)' } } },
  },
});

/** Mantine's dimmed text and its links have less contrast than WCAG 2.2 AA asks for (4.5 to 1). */
export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-7)',
    '--mantine-color-anchor': 'var(--mantine-color-indigo-8)',
  },
  dark: {
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-1)',
  },
});
