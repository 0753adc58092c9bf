// White letters on white ground. A ground that is not known, such as one of a style sheet, shows them.

type Attributes = Readonly<Record<string, string>>;

const white =
  /^(?:white|#fff|#ffffff|rgba?\(\s{0,3}255\s{0,3},\s{0,3}255\s{0,3},\s{0,3}255\s{0,3}(?:,\s{0,3}1\s{0,3})?\))$/;
const colour = /(?:^|;)\s{0,10}color\s{0,5}:\s{0,5}([^;!]{1,60})/;
const ground = /(?:^|;)\s{0,10}background(?:-color|-image)?\s{0,5}:\s{0,5}([^;!]{1,200})/;

const isWhite = (value: string): boolean => white.test(value.trim());

/** True for an element whose letters are white. */
export function hasWhiteText({ style = '', color }: Attributes): boolean {
  const said = colour.exec(style.slice(0, 5_000).toLowerCase())?.[1] ?? color?.toLowerCase();
  return said !== undefined && isWhite(said);
}

/** True for an element with a ground of its own that may be of another colour than white. */
export function hasGround({ style = '', bgcolor, background }: Attributes): boolean {
  const said = ground.exec(style.slice(0, 5_000).toLowerCase())?.[1] ?? bgcolor?.toLowerCase();
  return background !== undefined || (said !== undefined && !isWhite(said));
}
