/** Normal quantile of the 95 % interval. */
const Z_95 = 1.96;

/** Lower end of the 95 % Wilson score interval (1927) of a share; 0 without cases. */
export function wilsonLowerBound({ right, of }: { right: number; of: number }): number {
  return of === 0 ? 0 : wilsonLowerEnd({ share: right / of, of, z: Z_95 });
}

/** Lower end of the Wilson score interval of a share; `z` is the normal quantile of the interval, `of` may be a fraction. */
export function wilsonLowerEnd({ share, of, z }: { share: number; of: number; z: number }): number {
  const spread = z * Math.sqrt(share * (1 - share) * of + z ** 2 / 4);
  return (share * of + z ** 2 / 2 - spread) / (of + z ** 2);
}
