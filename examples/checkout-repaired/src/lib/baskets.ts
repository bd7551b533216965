import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";

export interface Item {
  sku: string;
  price: number;
}

const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export class Baskets {
  async add(id: string, item: Item): Promise<void> {
    await table.send(
      new UpdateCommand({
        TableName: process.env.BASKETS_TABLE,
        Key: { id },
        UpdateExpression: "SET entries = list_append(entries, :item)",
        ExpressionAttributeValues: { ":item": [item] },
      }),
    );
  }
}
