import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

const queue = new SQSClient({});

export async function audit(what: string, details: Record<string, unknown>): Promise<void> {
  await queue.send(
    new SendMessageCommand({
      QueueUrl: process.env.AUDIT_QUEUE_URL!,
      MessageBody: JSON.stringify({ what, ...details }),
    }),
  );
}
