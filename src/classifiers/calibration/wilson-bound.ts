/** Normal quantile of the 95 % interval. */
const Z = 1.96;

/** Lower end of the 95 % Wilson score interval (1927) of a share; 0 without cases. */
export function wilsonLowerBound({ right, of }: { right: number; of: number }): number {
  if (of === 0) return 0;
  const share = right / of;
  const spread = Z * Math.sqrt(share * (1 - share) * of + Z ** 2 / 4);
  return (share * of + Z ** 2 / 2 - spread) / (of + Z ** 2);
}
