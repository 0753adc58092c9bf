const svg = (width: number, height: number, content: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-weight="bold">${content}</svg>`;

const name = svg(160, 40, '<text x="0" y="28" font-size="24" fill="#fff">Switchboard</text>');
const icon = svg(
  32,
  32,
  '<rect width="32" height="32" rx="6" fill="#1b1b1b"/><text x="9" y="23" font-size="20" fill="#fff">S</text>',
);

/** Our name on the documentation page, in place of the library's logo, icon and title. */
export const docsLook = {
  logo: { type: 'image/svg+xml', content: name, href: '/docs' },
  theme: {
    title: 'Switchboard',
    favicon: [{ filename: 'icon.svg', rel: 'icon', type: 'image/svg+xml', sizes: 'any', content: icon }],
  },
};
