import { DynamoDBClient, paginateScan, DeleteItemCommand } from "@aws-sdk/client-dynamodb";

const dynamodb = new DynamoDBClient({});

export async function handler(): Promise<void> {
  const TableName = process.env.BASKETS_TABLE;
  for await (const page of paginateScan({ client: dynamodb }, { TableName })) {
    for (const item of page.Items ?? []) {
      await dynamodb.send(new DeleteItemCommand({ TableName, Key: { id: item.id } }));
    }
  }
}
