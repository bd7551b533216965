import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from "aws-lambda";

import { audit } from "../lib/audit";
import { Baskets } from "../lib/baskets";
import { priceOf } from "../lib/prices";

const baskets = new Baskets();

export const handler = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyResultV2> => {
  const id = event.pathParameters?.id;
  if (!id) return { statusCode: 400 };

  const item = JSON.parse(event.body ?? "{}");
  item.price = await priceOf(item.sku);

  await baskets.add(id, item);
  await audit("item added", { id, sku: item.sku });
  return { statusCode: 200, body: JSON.stringify({ price: item.price }) };
};
