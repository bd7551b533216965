import { DynamoDBClient, paginateScan, DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { Context } from "aws-lambda";

const dynamodb = new DynamoDBClient({});
const lambda = new LambdaClient({});

export async function handler(event: unknown, context: Context): Promise<void> {
  const TableName = process.env.BASKETS_TABLE;
  for await (const page of paginateScan({ client: dynamodb }, { TableName })) {
    for (const item of page.Items ?? []) {
      await dynamodb.send(new DeleteItemCommand({ TableName, Key: { id: item.id } }));
    }
  }
  await lambda.send(
    new InvokeCommand({ FunctionName: context.functionName, InvocationType: "Event" }),
  );
}
