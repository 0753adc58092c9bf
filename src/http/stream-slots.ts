/** How many event streams may be open at once. */
export type StreamLimits = { readonly perProcess: number; readonly perAddress: number };

export type StreamSlots = {
  /**
   * Returns the function that frees the slot (calling it again does nothing), or the name of the limit that is reached.
   */
  take(address: string): (() => void) | keyof StreamLimits;
};

export function createStreamSlots(limits: StreamLimits): StreamSlots {
  const openByAddress = new Map<string, number>();
  let open = 0;
  return {
    take(address) {
      const own = openByAddress.get(address) ?? 0;
      if (own >= limits.perAddress) return 'perAddress';
      if (open >= limits.perProcess) return 'perProcess';
      open += 1;
      openByAddress.set(address, own + 1);
      let freed = false;
      return () => {
        if (freed) return;
        freed = true;
        open -= 1;
        const left = (openByAddress.get(address) ?? 1) - 1;
        if (left === 0) openByAddress.delete(address);
        else openByAddress.set(address, left);
      };
    },
  };
}
