export async function priceOf(sku: string): Promise<number> {
  const answer = await fetch(`${process.env.PRICES_URL}/${sku}`, { signal: AbortSignal.timeout(3_000) });
  const { price } = (await answer.json()) as { price: number };
  return price;
}
