export async function priceOf(sku: string): Promise<number> {
  const answer = await fetch(`${process.env.PRICES_URL}/${sku}`);
  const { price } = (await answer.json()) as { price: number };
  return price;
}
