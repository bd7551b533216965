import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from "aws-lambda";

import { audit } from "../lib/audit";
import { Baskets } from "../lib/baskets";
import { priceOf } from "../lib/prices";

const baskets = new Baskets();
const seen = new Map<string, number>();

export const handler = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyResultV2> => {
  const id = event.pathParameters?.id;
  if (!id) return { statusCode: 400 };

  const item = JSON.parse(event.body ?? "{}");
  item.price = await priceOf(item.sku);
  seen.set(id, item.price);

  await baskets.add(id, item);
  audit("item added", { id, sku: item.sku });
  return { statusCode: 200, body: JSON.stringify({ total: seen.get(id) }) };
};
